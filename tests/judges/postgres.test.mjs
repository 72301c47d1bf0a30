// A real PostgreSQL server takes the SQL of every schema, and its catalog says what the schema says.

import { startServer } from "./server.mjs";
import { judgeDatabase } from "./suite.mjs";

judgeDatabase("PostgreSQL", startServer);

// The PostgreSQL that `schemagen verify` embeds takes the SQL of every schema, whole, and its policies do what they say.

import { startEmbedded } from "./embedded.mjs";
import { judgeDatabase } from "./suite.mjs";

judgeDatabase("PGlite", startEmbedded);

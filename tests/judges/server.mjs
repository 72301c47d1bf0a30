// A real PostgreSQL server of the judges' own. In: the programs found on the machine. Out: a `Database` on a private
// socket in a temporary folder, gone when it is closed. Never touches a server or a cluster that exists.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

const OLDEST = 15;

/** Starts a server. Throws, saying what to install, where there is none that is new enough. */
export async function startServer() {
  const bin = findServer();
  const home = mkdtempSync(join(tmpdir(), "schemagen-judge-"));
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (user) chownSync(home, user.uid, user.gid);
  const data = join(home, "data");
  const settings = user ? { ...user, cwd: home } : { cwd: home };
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "judge", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], { ...settings, stdio: "pipe" });
  const flags = { listen_addresses: "", unix_socket_directories: home, fsync: "off", full_page_writes: "off", max_connections: "20" };
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, ...Object.entries(flags).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { ...settings, stdio: "ignore" },
  );
  const stop = async () => {
    const ended = server.exitCode === null ? once(server, "exit") : undefined;
    server.kill("SIGINT");
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const client = await connect(home);
    return await open(client, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(host) {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ host, user: "judge", database: "postgres" });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (attempt === 200) throw error;
      await sleep(50);
    }
  }
}

async function open(client, stop) {
  const { rows } = await client.query("select name from pg_available_extensions");
  const available = new Set(rows.map((row) => row.name));
  const version = (await client.query("show server_version")).rows[0].server_version;
  return {
    name: `PostgreSQL ${version}`,
    address: { host: client.host, database: client.database },
    has: (extension) => available.has(extension),
    run: async (sql) => void (await client.query(sql)),
    rows: async (sql, values) => (await client.query(sql, values)).rows,
    close: async () => {
      await client.end();
      await stop();
    },
  };
}

/** The folder of the newest server's programs. */
function findServer() {
  const found = [];
  const packaged = "/usr/lib/postgresql";
  if (existsSync(packaged)) {
    for (const version of readdirSync(packaged)) found.push({ version: Number(version), bin: join(packaged, version, "bin") });
  }
  try {
    const [bin, text] = execFileSync("pg_config", ["--bindir", "--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n");
    found.push({ version: Number.parseInt(text.replace(/\D+/, ""), 10), bin });
  } catch {
    // No pg_config: only packaged servers count.
  }
  const servers = found.filter(({ version, bin }) => version >= OLDEST && existsSync(join(bin, "initdb")));
  servers.sort((a, b) => b.version - a.version);
  if (servers.length === 0) {
    throw new Error(`the judges need a PostgreSQL server, version ${OLDEST} or newer: install the package postgresql (apt install postgresql)`);
  }
  return servers[0].bin;
}

/** PostgreSQL refuses to run as root. */
function postgresUser() {
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

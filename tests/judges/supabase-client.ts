// What a product writes over examples/saas with supabase-js: compiled, never run. Each `@ts-expect-error` is a mistake that
// the types must find.

import { createClient } from "@supabase/supabase-js";
import type { Database, Enums, Tables, TablesInsert } from "./database.types.js";

const client = createClient<Database>("https://example.com", "key");

export async function members(org: string): Promise<{ role: Enums<"member_role">; profiles: { display_name: string } }[]> {
  const { data } = await client.from("memberships").select("role, profiles(display_name)").eq("org_id", org);
  return data ?? [];
}

export async function invoices(): Promise<Tables<{ schema: "billing" }, "invoices">[]> {
  const { data } = await client.schema("billing").from("invoices").select();
  return data ?? [];
}

export async function found(organisation: TablesInsert<"organisations">): Promise<void> {
  await client.from("organisations").insert(organisation);
  await client.from("organisations").insert({ name: "Acme", slug: "acme" });
  // @ts-expect-error: a slug is missing
  await client.from("organisations").insert({ name: "Acme" });
  // @ts-expect-error: there is no such role
  await client.from("memberships").update({ role: "emperor" }).eq("org_id", "");
}

export async function read(upTo: number): Promise<void> {
  await client.rpc("mark_notifications_read", { up_to: upTo });
  // @ts-expect-error: the argument is called `up_to`
  await client.rpc("mark_notifications_read", { upTo });
}

export async function ancestors(task: string): Promise<string[]> {
  const { data } = await client.rpc("task_ancestors", { task });
  return (data ?? []).map((row) => row.title);
}

// The guestbook's entries. In: what somebody signs with. Out: rows. The types of the queries are the generated
// `Database`; a row that comes back is what the schema says, or an error.

import { createClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { Database } from "./generated/database.js";
import { EntryInsertSchema, EntrySchema } from "./generated/schema.js";

/** What is asked of somebody who signs: the rules are the database's own. */
export const Signature = EntryInsertSchema.pick({ name: true, message: true, mood: true });
export type Signature = z.infer<typeof Signature>;

const supabase = createClient<Database>(import.meta.env.VITE_SUPABASE_URL, import.meta.env.VITE_SUPABASE_ANON_KEY);

/** The entries, the latest first. */
export async function readEntries() {
  const { data } = await supabase.from("entries").select().order("signed_at", { ascending: false }).throwOnError();
  return z.array(EntrySchema).parse(data);
}

/** Signs the guestbook. */
export async function sign(signature: Signature) {
  const { data } = await supabase.from("entries").insert(signature).select().single().throwOnError();
  return EntrySchema.parse(data);
}

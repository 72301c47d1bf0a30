// What the browser keeps between visits. In and out: plain data under a name, in IndexedDB. A browser that keeps nothing
// (a private window, a full disk) is no failure: the page works without.

import { createStore, get, set, type UseStore } from "idb-keyval";

/** A project as text, and the undo history of each of its files. */
export interface Kept {
  project: string;
  histories: Record<string, unknown>;
}

/** What is being worked on, and what was before a link or an example took its place. */
export type Slot = "current" | "previous";

let store: UseStore | undefined;

const open = (): UseStore => (store ??= createStore("schemagen-playground", "projects"));

export async function load(slot: Slot): Promise<Kept | undefined> {
  try {
    return await get<Kept>(slot, open());
  } catch {
    return undefined;
  }
}

/** Whether it is kept. */
export async function save(slot: Slot, kept: Kept): Promise<boolean> {
  try {
    await set(slot, kept, open());
    return true;
  } catch {
    return false;
  }
}

// The guestbook: a form, and what was written. Nothing is sent that the database would refuse.

import { type FormEvent, useEffect, useState } from "react";
import { z } from "zod";
import { readEntries, Signature, sign } from "./entries.js";
import { type Entry, MoodSchema } from "./generated/schema.js";

type Problems = Partial<Record<keyof Signature, string[]>>;

export function Guestbook() {
  const [entries, setEntries] = useState<Entry[]>([]);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState<string>();
  const fail = (error: unknown) => setFailure(error instanceof Error ? error.message : String(error));

  useEffect(() => {
    readEntries().then(setEntries, fail);
  }, []);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const { success, data, error } = Signature.safeParse(Object.fromEntries(new FormData(form)));
    setProblems(success ? {} : z.flattenError(error).fieldErrors);
    if (!success) return;
    try {
      const entry = await sign(data);
      setEntries((before) => [entry, ...before]);
      setFailure(undefined);
      form.reset();
    } catch (reason) {
      fail(reason);
    }
  }

  return (
    <>
      <h1>Guestbook</h1>
      <form onSubmit={submit} noValidate>
        <label>
          Name <input name="name" /> <Problem texts={problems.name} />
        </label>
        <label>
          Message <textarea name="message" /> <Problem texts={problems.message} />
        </label>
        <label>
          Mood
          <select name="mood">
            {MoodSchema.options.map((mood) => (
              <option key={mood}>{mood}</option>
            ))}
          </select>
        </label>
        <button>Sign</button>
      </form>
      {failure && <p role="alert">{failure}</p>}
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <strong>{entry.name}</strong>, {entry.mood}: {entry.message}
          </li>
        ))}
      </ul>
    </>
  );
}

function Problem({ texts = [] }: { texts?: string[] | undefined }) {
  return texts.length > 0 && <em role="alert">{texts.join(", ")}</em>;
}

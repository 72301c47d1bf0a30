// What `init` is told, as far as the command line says it; `setup.ts` asks for the rest and does the work.

import type { LayoutName } from "../detect/layouts.js";

/** How a configuration may be written. */
export const CONFIG_FORMATS = ["json", "yaml", "ts", "mjs"] as const;

/** One of them. */
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];

/** What a new project is to be. What is not said is asked for, or follows from what is found. */
export interface InitOptions {
  /** Take what is proposed, ask nothing. */
  yes?: boolean;
  layout?: LayoutName;
  target?: string[];
  supabase?: boolean;
  configFormat?: ConfigFormat;
  script?: boolean;
  install?: boolean;
  dryRun?: boolean;
}

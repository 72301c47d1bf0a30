// What stops a command for a reason that the user can mend.

/** A wrong command line, configuration or file: said in one message, without a stack. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** What to do about it. */
  readonly help: string | undefined;

  constructor(message: string, options: { help?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.help = options.help;
  }
}

/** Why an operation on a file failed, in words, and what to do; the error itself if it is not of the file system. */
export function fileError(error: unknown, doing: string, file: string, help?: string): unknown {
  const code = (error as NodeJS.ErrnoException)?.code;
  const reason = code === undefined ? undefined : (REASONS[code] ?? (error as Error).message);
  return reason === undefined ? error : new UserError(`cannot ${doing} \`${file}\`: ${reason}`, { cause: error, ...(help === undefined ? {} : { help }) });
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  EEXIST: "it exists already",
  ENOSPC: "the disk is full",
  ELOOP: "its symbolic links form a loop",
  ENAMETOOLONG: "the name is too long",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
  EMFILE: "too many files are open",
};

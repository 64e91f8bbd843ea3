const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'the file may not be read',
  EPERM: 'the file may not be read',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long for a file',
  ERR_INVALID_ARG_VALUE: 'this is no name of a file',
};

/** Why a file cannot be read, for people: by what the system says, or what whoever read it found. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code !== undefined) return reasons[code] ?? `the file cannot be read (${code})`;
  return error instanceof Error ? error.message : String(error);
}

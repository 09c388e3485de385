/**
 * Whether a tag of the mirror is at another commit than the registry names.
 * @param hexsha the registry's, of a commit or a tag object; null when it is not given
 * @param commit the commit of the mirror's tag, and `annotated` its tag object's id
 */
export const isMoved = (
  hexsha: string | null,
  commit: string | undefined,
  annotated: string | undefined,
): boolean => hexsha !== null && commit !== undefined && commit !== hexsha && annotated !== hexsha;

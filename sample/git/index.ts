// Git for the sample archive: repositories in memory, served over HTTP. Knows nothing of core/protocols/git,
// so that each tests the other.

export { blobId, treeId } from './objects.ts';
export { type PackStyle, USUAL_STYLE } from './pack.ts';
export { buildRepository, type SampleRepository } from './repository.ts';
export { createGitHandler, type GitHandler, type GitHandlerOptions } from './server.ts';
export {
  type CommitSpec,
  type EntrySpec,
  type FileSpec,
  type GitlinkSpec,
  type RepositorySpec,
  rawName,
  type TreeSpec,
} from './spec.ts';

// What each field of the documents of OpenNeuro is (core/documents/field-words.ts). The rules that
// the facts are judged by are in docs/checks.md.

import type { FieldWords } from '../../core/documents/field-words.ts';

const SIZE = 'of the files that both sides have';
const LOOKED_UP = 'The version that was looked up.';

export const WORDS: FieldWords = {
  // Rows of all-datasets.json
  s3Blocked: 'True if the export answers 403; null if not.',
  checksSince:
    'By check, since when its status and worst finding are what they are, in UTC; null or absent if they were so before the first run.',
  'datasets.lastChecked': 'By check, when it was last measured well, in UTC; null if never.',
  s3FilesAdded:
    'Number of files in git that the export lacks; null if there are none, or nothing was compared.',
  s3FilesRemoved:
    'Number of objects in the export that git lacks; null if there are none, or nothing was compared.',
  s3FilesExpected:
    'Number of files that the export should hold; absent if it lacks none, or in rows of older runs.',
  githubVersion: 'The highest tag on the mirror; null if there is none.',
  'datasets.s3Version':
    'The version found in the export; null if it answers 403 or was never measured.',
  latestSnapshotDate: 'When the latest snapshot was created, in UTC; null if not known.',
  latestSnapshot: 'Tag of the latest snapshot; null in rows of older systems.',
  'datasets.unverified':
    'By check, its newest attempt to measure, if that failed; null if none did.',
  'datasets.findings': 'All findings, check by check, of checks with more than one.',
  'datasets.notCompared': 'Why the files were not compared; null if they were.',
  'datasets.causes':
    'Likely causes, by id; the evidence is in causes.json of the dataset. Absent if none were looked for.',
  compared:
    'How deep the files that both sides have were compared; absent in a row if they were not.',
  'compared.content': `Number ${SIZE} that were compared by size and MD5.`,
  'compared.size': `Number ${SIZE} that were compared by size alone.`,
  'compared.none': `Number ${SIZE} that could not be compared.`,

  // snapshots.json, metadata.json and files.json
  'snapshots:tags': 'Tags of its snapshots, in order of creation.',
  'snapshots:snapshots':
    'What the registry says of each snapshot. Absent in documents of older runs.',
  'snapshots.tag': 'The tag of the snapshot.',
  'snapshots.hexsha': 'Its commit as the registry says; null if it does not.',
  hexsha: "The snapshot's commit as the registry says; unknown if it does not.",
  created: 'When it was created, in UTC; null if the registry does not say.',
  'files:count': 'Number of paths in files.',
  'files:files': "Paths in the tag's tree, in byte order.",
  'files:commit': 'The commit of the tag; null in documents of older systems.',

  // github.json
  'findings.subtype': 'The finding.',
  'findings.status': 'The status that it gives.',
  'findings.tags':
    "The registry's tags that it is about, in the order of versions; empty if it is about the repository.",
  head: 'The branch that HEAD names; null if it names none.',
  headCommit:
    'The commit of HEAD where it names no branch; null if it has none, absent if HEAD names a branch or the server does not say.',
  branches: 'By branch, the commit at its tip.',
  'github:tags': 'By tag, its commit.',
  annotated: 'By annotated tag, the id of the tag object.',
  lastChecked: 'Null: timestamps/ has the time. Documents of older schemas have it here, in UTC.',
  'github:error': 'What is wrong with the repository as a whole; null if nothing is.',

  // s3-version.json
  accessible: 'False if the export answers 403.',
  httpStatus: 'HTTP status of a refusal; null if there was none.',
  datasetDescriptionDOI:
    'The field DatasetDOI of dataset_description.json as it is, its first 512 characters; null if there is none.',
  extractedVersion:
    'The version that the files are compared with, unless git-annex recorded another; null if the export answers 403.',
  versionSource:
    'Whether that version is of the DOI, or the latest one is assumed; null if there is none.',
  datasetDescriptionMissing: 'True if there is no dataset_description.json; else null.',
  doiIdMismatch: 'True if the DOI names another dataset; else null.',
  doiDatasetId: 'That other dataset; null if there is none.',
  invalidJson: 'True if dataset_description.json is not JSON; else null.',
  httpError: 'HTTP status of a failed answer, in documents of older systems; else null.',
  requestError: 'Why the request failed, in documents of older systems; else null.',
  unexpectedError: 'What else went wrong, in documents of older systems; else null.',
  's3-version:etag': 'ETag of dataset_description.json; null if none was answered.',
  descriptionArchived:
    'True if dataset_description.json is there, and archived so that nobody can read it; absent if not.',

  // s3-diff.json
  snapshotTag: 'The version that was compared; null if none was.',
  's3-diff:s3Version': 'The version that was compared; null if none was.',
  totalS3Files:
    'Number of objects in the export, with those in bookkeeping; null if nothing was compared.',
  totalGitFiles:
    'Number of files in git, with submodules and symlinks; null if nothing was compared.',
  's3-diff:checkedAt':
    'Null: timestamps/ has the time. Documents of older schemas have it here, in UTC.',
  exportMissing: 'Whether there is nothing but bookkeeping in the export.',
  added: 'Paths in git that the export lacks.',
  removed: 'Objects in the export that git lacks.',
  context: 'Paths that are on both sides, within three places of one that is not.',
  bookkeeping: 'Objects in the export that are no data of the dataset, and no fault.',
  submodules: 'Paths of submodules, which are never exported.',
  symlinks: 'Paths of symlinks that lead into no annex, which are never exported.',
  's3-diff:commit':
    'The commit whose files were compared; null if a tree of no snapshot was, or nothing.',
  's3-diff:branch': 'The branch whose tip was compared, if no tag has the exported commit.',
  tree: 'The tree that was compared, if git-annex recorded one of no snapshot.',

  // s3-content.json
  's3-content:commit':
    'The commit whose files were compared; null if a tree of no snapshot was, or nothing.',
  sizeMismatches: 'Number of files of another size than git says.',
  contentMismatches: 'Number of files of that size, with another content.',
  bytesMissing: 'Bytes that are missing in files that are too short, added up.',
  bytesExtra: 'Bytes that are too many in files that are too long, added up.',
  mismatches: 'Files that differ, by path in byte order; the first 1,000.',
  'mismatches.path': 'Path of the file.',
  'mismatches.subtype': 'How it differs.',
  expectedSize: 'Its size as git says, in bytes; null if git does not say.',
  size: 'Its size in the export, in bytes.',
  expectedMd5: 'Its MD5 as git says, in hex; null if git does not say.',
  etag: 'Its ETag in the export.',

  // s3-access.json
  asked: 'Objects that were asked for without credentials, by path in byte order.',
  'asked.path': 'Path of the object.',
  'asked.httpStatus': 'HTTP status of the answer.',
  archived: 'True if it is archived so that nobody can read it; absent if not.',
  archivedKeys:
    'Number of listed objects of an archived storage class, with restored ones; absent if there are none.',

  // annex-record.json
  branch: 'Commit of the branch git-annex that was read; null if there is none.',
  latestTag: 'The latest snapshot that was on the mirror; null if there was none.',
  latestCommit: 'Its commit; null if it was not on the mirror.',
  remotes: 'The special remotes named s3-PUBLIC that export to this place.',
  uuid: 'Id of the remote.',
  dead: 'Whether git-annex marks it as dead.',
  foreignRemotes:
    'Special remotes of that name that export to other places; absent in older documents.',
  bucket: 'The bucket that it exports to; null if it does not say.',
  fileprefix: 'The folder in the bucket that it exports to.',
  exportedTree: 'The tree that git-annex recorded as exported last; null if it recorded none.',
  exportedTag: 'The newest tag with that tree; null if no tag on the mirror has it.',
  exportedAt: 'When it was exported, in UTC; null if not known.',
  exportedCommit: 'The commit with that tree; null if no tag and no branch has it.',
  exportedBranch: 'The branch whose tip has it, if no tag does; else null or absent.',
  exportedOfNoSnapshot:
    'True if no tag, branch or snapshot has that tree; null if that is not determined.',
  incompleteTrees: 'Trees whose export was begun and not finished.',
  annexedKeys:
    "Number of keys of the latest tag's annexed files, each counted once; null if its tree was not read.",
  unversionedKeys:
    'Number of those without a recorded S3 version, at least; null if none was seen and not all were read.',
  versionLogs: 'Number of those with a log of their versions; null if the tree was not read.',
  versionsRead: 'Number of these logs that were read; null if the tree was not read.',
  unversionedPaths: 'Files of keys without a recorded version, the first 20.',
  claimedMissing: 'Number of files recorded as exported that the export lacks; null if not known.',
  claimedMissingPaths: 'Paths of these files.',
  annexObjects:
    'Whether the live remote keeps annex objects beside the exported files; null if not known.',
  refs: "Hash of the mirror's branches and tags when it was read: the check is made again when they change.",
  recordedVersions:
    'Files recorded as exported that the export lacks or has with another content, the first 20.',
  'recordedVersions.path': 'Path of the file.',
  'recordedVersions.version': 'The S3 version that was recorded; null if none was.',
  inGit: 'Whether git itself has the content.',

  // doi.json and deprecated.json
  'doi:tag': LOOKED_UP,
  'deprecated:tag': LOOKED_UP,
  'doi:doi': 'The DOI that was looked up.',
  page: 'Where it should lead.',
  'doi:httpStatus': 'HTTP status of the answer of DataCite.',
  'doi:state': 'State of the DOI as DataCite says; null if it does not.',
  url: 'Where the DOI leads as DataCite says; null if it does not.',
  isYoung: 'Whether the snapshot was less than three days old: its DOI may still come.',
  'deprecated:deprecated': 'Whether it is deprecated.',
  'deprecated:reason': 'The reason as it was given, its first 1000 characters; null if none was.',

  // causes.json
  'causes:causes': 'Likely causes of what the checks found, the one whose fix changes least first.',
  cause: 'Its id.',
  evidence: 'What it is concluded from, one sentence each.',
  verify: 'A shell command with which anybody can see it; null if there is no address to ask.',
  mend: "A command that fixes it, and needs an operator's rights; null if none is known.",
  untested: 'True if no test has run that command; absent if one has.',

  // leftovers.json
  'leftovers:lastChecked': 'When the bucket was listed, in UTC.',
  listed: 'Number of dataset folders in the bucket, public ones included.',
  leftovers: 'Datasets in the bucket that are not public, by id in byte order.',
  'leftovers.id': 'The dataset.',
  state: "The registry's answer for its id.",
};

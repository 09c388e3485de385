// What each field of the documents of the DANDI archive is (core/documents/field-words.ts).

import type { FieldWords } from '../../core/documents/field-words.ts';

const DRAFT_COMMIT = 'The commit of `draft` that was compared; null if there is none.';

export const WORDS: FieldWords = {
  count: 'How many there are.',
  examples: 'The first hundred of them.',

  // dandiset.json
  'dandiset:embargo': 'What the registry says of the embargo.',
  open: 'What the list says of a dandiset that is not embargoed; null for all others.',
  'open.created': 'When the dandiset was created.',
  recordModified: 'When its record last changed; that says nothing of its data.',
  draftModified: 'When the draft last changed, to the microsecond.',
  published: 'The newest published version; null if there is none.',
  'published.version': 'Its version.',
  'published.created': 'When it was published.',
  'published.modified': 'When its record last changed.',

  // mirror.json
  'mirror:embargo': 'What the registry says of the embargo.',
  'mirror:modified': 'When the draft last changed; null for one that is embargoed.',
  'mirror:repository': 'The answer for the repository, to somebody without a token.',
  head: 'The branch that HEAD names; null if it names none.',
  draft: 'The commit of the branch `draft` of the mirror; null if there is none.',
  annex: 'The commit of the branch `git-annex`; null if there is none.',
  'mirror:refs': 'Number of branches and tags.',
  state: 'The time of the draft that the mirror says it holds; null if it does not say.',
  lag: 'Seconds since the draft changed, at the measurement; null for one that is embargoed.',
  age: 'Seconds since it was created, at the measurement; null for one that is embargoed.',

  // tags.json
  listedAs: 'What the list said of the dandiset when its versions were read.',
  'tags:at': 'The commits of the draft and of the tags whose history was read.',
  'tags:versions': 'Published versions, and what the mirror has of each.',
  version: 'The published version.',
  'versions.created': 'When it was published.',
  'versions.age': 'Seconds since it was published, at the measurement.',
  'versions.commit': 'The commit of its tag; null if the mirror has none.',
  isAnnotated: 'Whether the tag is annotated.',
  isBroken: 'Whether the tag leads to something that is no commit.',
  orphaned: 'Tags that look like a version that does not exist.',
  isMerged: 'Whether the newest version is in the history of the draft; null if that is not known.',

  // superdataset.json
  section: 'How often the superdataset describes the dandiset.',
  path: 'The path that it gives; null if that is another one.',
  url: 'The address that it gives.',
  'superdataset:expected': 'How that address should end: organization and id.',
  access: 'What it says of the access to the mirror.',
  gitlink: 'The commit that it has of the mirror; null if it has none.',
  differsSince: 'When the two commits were first seen to differ; null if they do not.',
  differsFor: 'Seconds since then.',

  // assets.json and listing.json
  modified: 'When the draft that was compared last changed.',
  commit: DRAFT_COMMIT,
  'assets:assets': 'Number of assets of the draft.',
  'versions.assets': 'Number of assets of the version.',
  files: 'Number of files of the mirror, its own records aside.',
  missing: 'Paths that are not in the mirror.',
  extra: 'Paths that are in the mirror only.',
  differing: 'Paths with another size or hash.',
  kinds: 'Paths that are a zarr on one side and a file on the other.',
  backends: 'Paths whose keys have no SHA-256.',
  unread: 'Files in git itself that were too large to be read.',
  behindUnhashed: 'Assets that the backup may not have reached.',
  newest: 'When the newest asset changed; null without assets.',
  unhashed: 'Assets without a hash for more than a day.',
  unhashedYet: 'Assets without a hash for less than a day.',
  conflicts: 'Paths that are a folder of another asset as well.',
  duplicates: 'Paths of two assets.',
  reserved: "Paths that the mirror's own records have.",
  isOlder: 'Whether the newest asset is newer than the draft.',

  // record.json, metadata.json, versions.json and embargo.json
  shape: "What the mirror's record of assets is.",
  why: 'What is wrong with a corrupt one; null if nothing is.',
  entries: 'Number of its entries.',
  changed: 'Paths of which it has another id, time, size or hash.',
  'metadata:registry': "SHA-256 of the draft's metadata, in canonical form.",
  'metadata:mirror': 'The same of `dandiset.yaml`; null if it is missing or cannot be read.',
  'versions:versions': 'Versions whose tags were compared.',
  left: 'Versions whose tags are compared in the next runs.',
  'embargo:registry': 'What the registry says.',
  'embargo:metadata': "What the draft's metadata says; null if it says nothing.",
  'embargo:config': 'What the settings of the mirror say.',
  'embargo:repository': 'Whether anybody can read the mirror; null if nobody can.',
  'embargo:superdataset': 'What the superdataset says.',

  // what waits, and what is silent
  isOnItsWay: 'Whether the mirror holds an older draft, and the present one is not six hours old.',
  isSilent:
    'Whether the assets changed since the last comparison, and the time of the draft did not.',
  'listing:listing': 'SHA-256 of ids, paths, times and sizes of the assets.',
  recorded: 'Paths of which the record in the tag has another asset or blob.',

  // blobs.json and urls.json
  asked: 'How many of them were asked for.',
  blocked: 'Paths whose objects not everybody can read.',
  'blobs:total': 'Number of blobs of the draft, each counted once.',
  keys: 'Number of keys of the draft, each counted once.',
  withoutAddress: 'Paths of annexed files without any address.',
  apiOnly: 'Paths of annexed files with addresses of the API alone.',
  dead: 'Paths whose recorded object is not in the bucket.',
  otherBlob: 'Paths with an address of another blob.',
  stale: 'Paths with an address of an asset that the API does not know any more.',
  claimed: 'Number of keys that another repository is said to hold: claimed, and not verifiable.',

  // manifests.json, doi.json and repository.json
  behind: 'Seconds by which the oldest manifest of the draft is older than the draft.',
  'manifests.name': 'File name of the manifest.',
  httpStatus: 'HTTP status of the answer; null if there was none.',
  expected: 'What it should be.',
  homepage: 'Home page of the repository; null if it has none.',
  withoutRelease: 'Versions with a tag and without a release.',

  // zarrs.json
  zarr: 'Id of the zarr.',
  pin: 'The commit that the mirror has of it; null if it has none.',
  linked: 'Id of the zarr that the address in .gitmodules names; null if it names none.',
  isSsh: 'Whether that address is for SSH.',
  stated: 'The checksum that the mirror of the zarr states; null if it states none.',
  computed: 'The checksum of the files of that mirror; null if they were not read.',
  bucket: 'The checksum of the objects in the bucket; null if they were not compared.',
  'zarrs.newest': 'When the newest object in the bucket was written; null if that is not known.',
  synced: 'When the newest object was written that the mirror has read; null if it does not say.',
  odd: 'Number of keys with an empty part or a part `.`.',

  // hidden.json
  'hidden:listed': 'Number of dandisets that the list shows.',
  'hidden:counted': 'Number of dandisets that the registry counts; null if it did not say.',
  'hidden:readable': 'Dandisets that are not listed, and whose mirrors anybody can read.',
  'hidden:closed': 'Dandisets whose mirrors the superdataset calls public, and nobody can read.',
};

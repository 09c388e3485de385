// The part of OpenNeuro's GraphQL schema that we query, and that printed commands use. The tests
// validate every query against it, and the sample archive's registry uses it. Source: the schema of
// packages/openneuro-server in OpenNeuroOrg/openneuro, read in November 2026.

export const REGISTRY_SCHEMA = `
  scalar DateTime

  enum SortOrdering { ascending descending }
  input DatasetSort { created: SortOrdering name: SortOrdering publishDate: SortOrdering }
  input DatasetFilter { public: Boolean }

  type Query {
    dataset(id: ID!): Dataset
    datasets(
      first: Int = 25
      after: String
      orderBy: DatasetSort = { created: ascending }
      filterBy: DatasetFilter = {}
    ): DatasetConnection
    snapshot(datasetId: ID!, tag: String!): Snapshot
  }

  type Mutation {
    updatePublic(datasetId: ID!, publicFlag: Boolean!): Boolean!
  }

  type DatasetConnection { edges: [DatasetEdge] pageInfo: PageInfo! }
  type DatasetEdge { id: String cursor: String! node: Dataset }
  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
    count: Int
  }

  type Dataset {
    id: ID!
    name: String
    created: DateTime!
    publishDate: DateTime
    public: Boolean
    latestSnapshot: Snapshot
    snapshots: [Snapshot]
  }
  type Snapshot {
    id: ID!
    tag: String!
    created: DateTime
    hexsha: String
    deprecated: DeprecatedSnapshot
  }
  type DeprecatedSnapshot { id: ID! user: String timestamp: DateTime reason: String }
`;

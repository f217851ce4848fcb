// A page in the portal, in the order of the app's own status page: what a person is needed for, the ages of the keys, what
// became of each runtime, lost nodes, and what waits.

import { tagMap } from '../types.bicep'

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the workspace with the app\'s logs.')
param workspaceId string

@description('Days that it looks back: as long as logs are kept, because a runtime that was simply kept writes no line.')
param lookbackDays int

var tables = [
  {
    title: 'Needs a person'
    query: loadTextContent('../queries/attention.kql')
    visualization: 'table'
  }
  {
    title: 'Ages of the keys'
    query: loadTextContent('../queries/runtimes.kql')
    visualization: 'table'
  }
  {
    title: 'Outcomes of each runtime by day'
    query: loadTextContent('../queries/outcomes.kql')
    visualization: 'table'
  }
  {
    title: 'Problems'
    query: loadTextContent('../queries/problems.kql')
    visualization: 'table'
  }
  {
    title: 'Nodes that were lost'
    query: loadTextContent('../queries/losses.kql')
    visualization: 'table'
  }
  {
    title: 'Due and waiting'
    query: loadTextContent('../queries/waiting.kql')
    visualization: 'table'
  }
]

var items = [
  for table in tables: {
    type: 3
    name: table.title
    content: {
      version: 'KqlItem/1.0'
      title: table.title
      query: table.query
      size: 0
      timeContext: {
        durationMs: lookbackDays * 24 * 60 * 60 * 1000
      }
      queryType: 0
      resourceType: 'microsoft.operationalinsights/workspaces'
      visualization: table.visualization
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'integration runtime keys')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Integration runtime keys'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: string({
      version: 'Notebook/1.0'
      items: items
      fallbackResourceIds: [workspaceId]
      isLocked: true
    })
  }
}

@description('Id of the workbook.')
output id string = workbook.id

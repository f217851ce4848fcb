// A page in the portal: each runtime's last rotation, the age of its key, and its outcomes over time.

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
    title: 'Runtimes'
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

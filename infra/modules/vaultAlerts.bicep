// Alerts on the audit log of the vault that this template makes. docs/runbook.md has a section for each.

import { tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the workspace with the audit log.')
param workspaceId string

@description('Principal id of the app\'s identity: who may write.')
param principalId string

@description('Ids of the action groups to tell.')
param actionGroupIds string[]

@description('Address of the runbook; empty: it is named only.')
param runbookUrl string

@description('Address of the workbook.')
param workbookUrl string

var rules = [
  {
    name: 'vault-refused-reads'
    title: 'Reads of the vault were refused'
    description: 'Somebody asked the vault for a secret and was refused.'
    severity: 2
    query: loadTextContent('../queries/vault-refused-reads.kql')
  }
  {
    name: 'vault-deletions'
    title: 'Something was deleted in the vault'
    description: 'A secret, or the vault itself, was deleted or purged, which the app never does.'
    severity: 1
    query: loadTextContent('../queries/vault-deletions.kql')
  }
  {
    name: 'vault-foreign-writers'
    title: 'Somebody else wrote into the vault'
    description: 'A secret was written, changed, recovered or restored by somebody who is not the app.'
    severity: 1
    query: replace(
      loadTextContent('../queries/vault-foreign-writers.kql'),
      '00000000-0000-0000-0000-000000000000',
      principalId
    )
  }
]

// The newest version that all clouds are known to have; skipQueryValidation is older than it.
#disable-next-line use-recent-api-versions
resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'alert-${rule.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: '${rule.description} Workbook: ${workbookUrl} ${empty(runbookUrl) ? 'See docs/runbook.md.' : 'Runbook: ${runbookUrl}#${toLower(replace(rule.title, ' ', '-'))}'}'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT1H'
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: []
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: actionGroupIds
      }
    }
  }
]

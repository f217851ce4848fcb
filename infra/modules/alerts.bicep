// What an operator is told, and by which query. docs/runbook.md has a section for each.
//
// The tables that the queries read are there once Application Insights is, which Azure can take a while to notice:
// therefore they are made last, nothing waits for them, and their queries are not tried out beforehand.

import { tagMap } from '../types.bicep'

@description('Ending of the names.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagMap

@description('Id of the workspace with the app\'s logs.')
param workspaceId string

@description('Ids of the action groups to tell.')
param actionGroupIds string[]

@description('Address of the runbook; empty: it is named only.')
param runbookUrl string

@description('Address of the workbook.')
param workbookUrl string

@description('Hours without a run of the timer after which one counts as missing: one period of the schedule and a margin.')
@minValue(2)
@maxValue(46)
param missingAfterHours int

// What the text of an alert says: each combination is an alert of its own.
var whatAndWhy = ['Runtime', 'Outcome', 'Reason']

var rules = [
  {
    name: 'failed-run'
    title: 'A rotation run failed'
    description: 'The timer\'s last invocation failed: a runtime is failed or blocked, or the run did not come to its end.'
    severity: 2
    query: loadTextContent('../queries/failed-run.kql')
    window: 'P2D'
    frequency: 'PT15M'
    dimensions: whatAndWhy
  }
  {
    name: 'missing-run'
    title: 'No rotation run'
    description: 'The timer has not run for longer than one period of its schedule and two hours.'
    severity: 1
    query: replace(
      loadTextContent('../queries/missing-run.kql'),
      'let missingAfter = 26h;',
      'let missingAfter = ${missingAfterHours}h;'
    )
    window: 'P2D'
    frequency: 'PT1H'
    dimensions: []
  }
  {
    name: 'stuck-runtime'
    title: 'An integration runtime is not rotated'
    description: 'A runtime was blocked, failed or deferred in both of the timer\'s last two runs.'
    severity: 1
    query: loadTextContent('../queries/stuck-runtime.kql')
    window: 'P2D'
    frequency: 'PT1H'
    dimensions: whatAndWhy
  }
  {
    name: 'compromised'
    title: 'Keys were declared compromised'
    description: 'Somebody declared the keys of a runtime compromised: both are regenerated without waiting for readers of the old ones.'
    severity: 2
    query: loadTextContent('../queries/compromised.kql')
    window: 'PT1H'
    frequency: 'PT15M'
    dimensions: whatAndWhy
  }
  {
    name: 'compromised-often'
    title: 'Keys are declared compromised again and again'
    description: 'Keys were declared compromised three times within an hour: each call takes both keys of a runtime from its nodes.'
    severity: 0
    query: loadTextContent('../queries/compromised-often.kql')
    window: 'PT2H'
    frequency: 'PT5M'
    dimensions: []
  }
  {
    name: 'nodes-lost'
    title: 'Nodes were lost'
    description: 'Fewer nodes of a runtime are online than before its rotation.'
    severity: 1
    query: loadTextContent('../queries/nodes-lost.kql')
    window: 'P2D'
    frequency: 'PT15M'
    dimensions: whatAndWhy
  }
  {
    name: 'held-back'
    title: 'Rotations are held back'
    description: 'Runtimes that are due are not rotated, because others lost nodes by rotations like theirs.'
    severity: 2
    query: loadTextContent('../queries/held-back.kql')
    window: 'P2D'
    frequency: 'PT1H'
    dimensions: []
  }
  {
    name: 'forgotten-pause'
    title: 'A pause was forgotten'
    description: 'Runtimes are due, and for two days nothing but a pause has kept them from being rotated.'
    severity: 3
    query: loadTextContent('../queries/forgotten-pause.kql')
    window: 'P2D'
    frequency: 'PT1H'
    dimensions: []
  }
]

// Each is stateful, by its dimensions where it has any: it fires once, and resolves when its query finds nothing any
// more. What happened once, like a compromise, resolves when it is an hour old.
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
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: map(rule.dimensions, dimension => { name: dimension, operator: 'Include', values: ['*'] })
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

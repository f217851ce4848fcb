// Roles made beforehand, for a deployer who may assign roles but not define them.
using '../main.bicep'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param alertEmails = ['ops@example.com']
param roles = {
  dataFactory: '44444444-4444-4444-4444-444444444444'
  vault: '55555555-5555-5555-5555-555555555555'
}
param runtimes = [
  {
    id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem'
  }
]
param packageUrl = 'https://github.com/contoso/rotation/releases/download/v1.0.0/app.zip'
param runbookUrl = 'https://github.com/contoso/rotation/blob/main/docs/runbook.md'

// A deployment to start from: replace the runtime and the address, and see main.bicep for all parameters. Of further
// deployments each has a file like this beside it.
using 'main.bicep'

param runtimes = [
  {
    id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-example/integrationRuntimes/onprem'
  }
]
param alertEmails = ['ops@example.com']

// Set by `azd` and by the workflow `Deploy`; without them nothing is tagged, and alerts only name the runbook.
var azdEnvironment = readEnvironmentVariable('AZURE_ENV_NAME', '')
param tags = empty(azdEnvironment) ? {} : { 'azd-env-name': azdEnvironment }
param runbookUrl = readEnvironmentVariable('RUNBOOK_URL', '')

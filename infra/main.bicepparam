// A deployment to start from: replace the runtime and the address, and see main.bicep for all parameters.
using 'main.bicep'

param runtimes = [
  {
    id: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-example/integrationRuntimes/onprem'
  }
]
param alertEmails = ['ops@example.com']

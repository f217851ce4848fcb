// All that a strict platform asks for: private in every direction, roles made beforehand, callers by name, and every option
// that is off by default.
using '../main.bicep'

var hub = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-hub/providers/Microsoft.Network'

// Spelled out, because a snapshot is made without Azure and can't ask which cloud it is.
param addresses = loadJsonContent('publicCloud.json')
param runbookUrl = 'https://github.com/contoso/rotation/blob/main/docs/runbook.md'
param alertEmails = ['ops@example.com']
param tags = { owner: 'data-platform', costCentre: '4711' }
param exemptionTags = { storage: { 'policy-exempt': 'customer-managed-keys' } }
param roles = {
  dataFactory: '44444444-4444-4444-4444-444444444444'
  vault: '55555555-5555-5555-5555-555555555555'
}
param networking = {
  kind: 'existingSubnets'
  appSubnetId: '${hub}/virtualNetworks/spoke/subnets/functions'
  endpointSubnetId: '${hub}/virtualNetworks/spoke/subnets/endpoints'
  vaultDnsZoneId: '${hub}/privateDnsZones/privatelink.vaultcore.azure.net'
  blobDnsZoneId: '${hub}/privateDnsZones/privatelink.blob.core.windows.net'
  sitesDnsZoneId: '${hub}/privateDnsZones/privatelink.azurewebsites.net'
}
param inbound = { kind: 'private' }
param authentication = {
  clientId: '33333333-3333-3333-3333-333333333333'
  allowedApplications: ['04b07795-8ddb-461a-bbee-02f9e1bf7b46']
  allowedPrincipals: ['88888888-8888-8888-8888-888888888888']
}
param hardening = {
  lockVault: true
  zoneRedundant: true
  infrastructureEncryption: true
  softDeleteDays: 7
  privateLogIngestion: true
  vaultAlerts: true
}
param runtimes = [
  {
    id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/onprem'
  }
  {
    id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/adf-sales/integrationRuntimes/cloud'
    vault: {
      id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-data/providers/Microsoft.KeyVault/vaults/kv-sales'
    }
  }
]

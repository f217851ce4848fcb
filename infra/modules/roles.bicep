// The two roles of the app's identity, each with exactly the operations that the code calls.
//
// One definition serves every subscription of the tenant: it lists, as assignable scopes, the resource groups in which
// it is assigned, so the deployer needs rights on those and on nothing wider. (A role with data actions could not name a
// management group, and a role per subscription would spend the tenant's limit of custom roles for nothing.)

@description('Resource groups in which the Data Factory role is assigned.')
param factoryResourceGroupIds string[]

@description('Resource groups in which the vault role is assigned.')
param vaultResourceGroupIds string[]

@description('Resource groups in which either may still be assigned.')
param formerResourceGroupIds string[]

@description('Name (GUID) of the Data Factory role definition.')
param dataFactoryRoleName string

@description('Name (GUID) of the vault role definition.')
param vaultRoleName string

// Display names are unique in a tenant.
var suffix = uniqueString(resourceGroup().id)
// The group that the definitions are deployed to has to be one of their scopes.
var ownResourceGroupId = toLower(resourceGroup().id)

resource dataFactoryRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: dataFactoryRoleName
  properties: {
    roleName: 'Integration Runtime Key Rotator (${suffix})'
    description: 'Reads self-hosted integration runtimes and their auth keys, and regenerates one.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.DataFactory/factories/integrationruntimes/read'
          'Microsoft.DataFactory/factories/integrationruntimes/listauthkeys/action'
          'Microsoft.DataFactory/factories/integrationruntimes/regenerateauthkey/action'
        ]
      }
    ]
    assignableScopes: union([ownResourceGroupId], factoryResourceGroupIds, formerResourceGroupIds)
  }
}

resource vaultRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: vaultRoleName
  properties: {
    roleName: 'Integration Runtime Key Publisher (${suffix})'
    description: 'Reads secrets, publishes new versions, and disables or tags versions. No delete, purge or backup.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/secrets/getSecret/action'
          'Microsoft.KeyVault/vaults/secrets/setSecret/action'
          'Microsoft.KeyVault/vaults/secrets/update/action'
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action'
        ]
      }
    ]
    assignableScopes: union([ownResourceGroupId], vaultResourceGroupIds, formerResourceGroupIds)
  }
}

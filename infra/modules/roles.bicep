// The roles of the app's identity, each with exactly the operations that the code calls.
//
// One definition serves every subscription of the tenant: it lists, as assignable scopes, the resource groups in which
// it is assigned (the subscription for a pattern over one), so the deployer needs rights on those and on nothing wider. (A role with data actions could not name a
// management group, and a role per subscription would spend the tenant's limit of custom roles for nothing.)

@description('Resource groups and subscriptions in which the Data Factory role is assigned.')
param factoryGroupIds string[]

@description('Resource groups and subscriptions in which the role that finds factories is assigned. Empty: there is no such role.')
param finderGroupIds string[]

@description('Resource groups in which the vault role is assigned.')
param vaultResourceGroupIds string[]

@description('Resource groups in which either may still be assigned.')
param formerResourceGroupIds string[]

@description('Name (GUID) of the Data Factory role definition.')
param dataFactoryRoleName string

@description('Name (GUID) of the vault role definition.')
param vaultRoleName string

@description('Name (GUID) of the role definition that finds factories.')
param finderRoleName string

// The same files are what somebody gets who defines the roles by hand.
var rotator = loadJsonContent('../roles/rotator.json')
var publisher = loadJsonContent('../roles/publisher.json')
var finder = loadJsonContent('../roles/finder.json')

// Display names are unique in a tenant.
var suffix = uniqueString(resourceGroup().id)
// The group that the definitions are deployed to has to be one of their scopes.
var ownResourceGroupId = toLower(resourceGroup().id)

resource dataFactoryRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: dataFactoryRoleName
  properties: {
    roleName: '${rotator.Name} (${suffix})'
    description: rotator.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: rotator.Actions
      }
    ]
    assignableScopes: union([ownResourceGroupId], factoryGroupIds, formerResourceGroupIds)
  }
}

resource vaultRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: vaultRoleName
  properties: {
    roleName: '${publisher.Name} (${suffix})'
    description: publisher.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        dataActions: publisher.DataActions
      }
    ]
    assignableScopes: union([ownResourceGroupId], vaultResourceGroupIds, formerResourceGroupIds)
  }
}

resource finderRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (!empty(finderGroupIds)) {
  name: finderRoleName
  properties: {
    roleName: '${finder.Name} (${suffix})'
    description: finder.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: finder.Actions
      }
    ]
    assignableScopes: union([ownResourceGroupId], finderGroupIds, formerResourceGroupIds)
  }
}

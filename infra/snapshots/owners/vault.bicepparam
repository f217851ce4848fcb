// What the owner of a vault deploys by the printed command: one secret alone, of two, and what a pattern finds.
using '../../vaultOwner.bicep'

param vaultName = 'kv-sales'
param secretNames = 'adf-returns-onprem,adf-sales-onprem'
param roleSecretNames = 'adf-returns-onprem'
param roleRuntimeIds = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-sales/providers/Microsoft.DataFactory/factories/adf-returns/integrationRuntimes/onprem'
param namePrefixes = 'adf-plants-'
param assignOnVault = true
param identityId = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-rotation/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-irkeys-4uutrqilimnuo'
param principalId = '66666666-6666-6666-6666-666666666666'
param roleName = '55555555-5555-5555-5555-555555555555'
param actionGroupIds = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-rotation/providers/Microsoft.Insights/actionGroups/ag-irkeys-4uutrqilimnuo'

// For estates whose factories and vaults belong to others: the commands by which their owners let the app in. Each does
// what this template would do, under the same names, so that who assigns can change later.

import { completedRuntime } from 'runtimes.bicep'
import { existingRoles } from 'types.bicep'

@sealed()
@description('Who is let in.')
type identity = {
  @description('ARM id of the identity.')
  id: string

  @description('Its principal.')
  principalId: string
}

@description('The id as Azure forms it of the parts of another spelling.')
func runtimeId(parts string[]) string =>
  '/subscriptions/${parts[2]}/resourceGroups/${parts[4]}/providers/Microsoft.DataFactory/factories/${parts[8]}/integrationRuntimes/${parts[10]}'

@description('For the owner of a factory.')
func runtimeCommand(entry completedRuntime, role string, who identity) string =>
  'az role assignment create --name ${guid(runtimeId(entry.parts), who.id, role)} --role ${role} --assignee-object-id ${who.principalId} --assignee-principal-type ServicePrincipal --scope ${runtimeId(entry.parts)}'

@description('Names of secrets, joined.')
func secretNames(entries completedRuntime[]) string => join(map(entries, entry => entry.secretName), ',')

@description('For the owner of a vault: role and near-expiry warning.')
func vaultCommand(vaultId string, entries completedRuntime[], role string, who identity, actionGroupIds string[]) string =>
  'az deployment group create --subscription ${split(vaultId, '/')[2]} --resource-group ${split(vaultId, '/')[4]} --name rotation-vault --template-file infra/vaultOwner.bicep --parameters vaultName=${split(vaultId, '/')[8]} "secretNames=${secretNames(entries)}" "roleSecretNames=${secretNames(filter(entries, entry => entry.onSecret))}" identityId=${who.id} principalId=${who.principalId} roleName=${role} "actionGroupIds=${join(actionGroupIds, ',')}"'

@export()
@description('One command for each runtime, and one for each existing vault.')
func commandsForOwners(entries completedRuntime[], roles existingRoles, who identity, actionGroupIds string[]) string[] =>
  concat(
    map(entries, entry => runtimeCommand(entry, roles.dataFactory, who)),
    map(filter(union(map(entries, entry => entry.vaultId), []), id => !empty(id)), id => vaultCommand(id, filter(entries, entry => entry.vaultId == id), roles.vault, who, actionGroupIds))
  )

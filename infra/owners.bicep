// For estates whose factories and vaults belong to others: the commands by which their owners let the app in. Each does
// what this template would do, under the same names, so that who assigns can change later.

import { watchedOf } from 'nearExpiry.bicep'
import { idOf } from 'runtimeIds.bicep'
import { completedRuntime, listsFactories } from 'runtimes.bicep'
import { existingRoles } from 'types.bicep'

@sealed()
@description('Who is let in.')
type identity = {
  @description('ARM id of the identity.')
  id: string

  @description('Its principal.')
  principalId: string
}

@description('For the owner of a factory, or of a group or subscription of factories.')
func assignCommand(scope string, role string, who identity) string =>
  'az role assignment create --name ${guid(scope, who.id, role)} --role ${role} --assignee-object-id ${who.principalId} --assignee-principal-type ServicePrincipal --scope ${scope}'

@description('One for an entry, and a second where factories have to be listed.')
func runtimeCommands(entry completedRuntime, roles existingRoles, who identity) string[] =>
  map(
    listsFactories(entry) ? [roles.dataFactory, roles.?finder ?? ''] : [roles.dataFactory],
    role => assignCommand(idOf(entry.scope), role, who)
  )

@description('For the owner of a vault: role, placeholders and near-expiry warning.')
func vaultCommand(vaultId string, entries completedRuntime[], role string, who identity, actionGroupIds string[]) string =>
  'az deployment group create --subscription ${split(vaultId, '/')[2]} --resource-group ${split(vaultId, '/')[4]} --name rotation-vault --template-file infra/vaultOwner.bicep --parameters vaultName=${split(vaultId, '/')[8]} "secretNames=${join(watchedOf(entries).names, ',')}" "namePrefixes=${join(watchedOf(entries).prefixes, ',')}" everySecret=${toLower(string(watchedOf(entries).every))} assignOnVault=${toLower(string(!empty(filter(entries, entry => !entry.onSecret))))} "roleSecretNames=${join(map(filter(entries, entry => entry.onSecret), entry => entry.secretName), ',')}" "roleRuntimeIds=${join(map(filter(entries, entry => entry.onSecret), entry => idOf(entry.scope)), ',')}" identityId=${who.id} principalId=${who.principalId} roleName=${role} "actionGroupIds=${join(actionGroupIds, ',')}"'

@export()
@description('One or two commands for each entry, and one for each existing vault.')
func commandsForOwners(entries completedRuntime[], roles existingRoles, who identity, actionGroupIds string[]) string[] =>
  concat(
    flatten(map(entries, entry => runtimeCommands(entry, roles, who))),
    map(filter(union(map(entries, entry => entry.vaultId), []), id => !empty(id)), id => vaultCommand(id, filter(entries, entry => entry.vaultId == id), roles.vault, who, actionGroupIds))
  )

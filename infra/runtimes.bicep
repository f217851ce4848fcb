// From the parameter `runtimes` to what the rest of the template works with. What types cannot say about an entry is
// checked here; a wrong one stops the deployment before anything is deployed.

import { runtime } from 'types.bicep'

@export()
@sealed()
@description('The defaults of an entry.')
type policy = {
  @description('Days after which a key is rotated.')
  rotateEveryDays: int

  @description('Hours for which a superseded key stays live at least.')
  overlapHours: int

  @description('Days from when a rotation is due to when the secret expires.')
  graceDays: int
}

@export()
@sealed()
@description('An entry with everything filled in.')
type completedRuntime = {
  @description('ARM id of the runtime.')
  id: string

  @description('The parts of that id: [2] subscription, [4] resource group, [8] factory, [10] runtime.')
  parts: string[]

  @description('Name of the secret.')
  secretName: string

  @description('Id of an existing vault in lower case; empty for the vault that this template makes.')
  vaultId: string

  @description('Is the vault role assigned on the secret alone?')
  onSecret: bool

  @description('Days after which a key is rotated.')
  rotateEveryDays: int

  @description('Hours for which a superseded key stays live at least.')
  overlapHours: int

  @description('Days from publishing to the expiry of the secret.')
  validityDays: int
}

@description('An id with the names in it blanked out, to compare with the shape of its resource type.')
func shapeOf(id string) string =>
  toLower(join(map(split(id, '/'), (part, i) => i > 0 && i % 2 == 0 && i != 6 && !empty(part) ? '*' : part), '/'))

@description('Is this the ARM id of an integration runtime, with a GUID as its subscription?')
func isRuntimeId(id string) bool =>
  shapeOf(id) == '/subscriptions/*/resourcegroups/*/providers/microsoft.datafactory/factories/*/integrationruntimes/*' && length(split(
    id,
    '/'
  )[2]) == 36

@description('Is this the ARM id of a vault, with a GUID as its subscription?')
func isVaultId(id string) bool =>
  shapeOf(id) == '/subscriptions/*/resourcegroups/*/providers/microsoft.keyvault/vaults/*' && length(split(id, '/')[2]) == 36

@description('An entry as it is, when its ids have the right form and its overlap is shorter than the time between rotations.')
func checked(entry runtime, defaults policy) runtime =>
  !isRuntimeId(entry.id)
    ? fail('runtimes: "${entry.id}" is not the ARM id of an integration runtime')
    : entry.?vault != null && !isVaultId(entry.?vault.?id ?? '')
        ? fail('runtimes: "${entry.?vault.?id}" is not the ARM id of a vault')
        : (entry.?overlapHours ?? defaults.overlapHours) >= (entry.?rotateEveryDays ?? defaults.rotateEveryDays) * 24
            ? fail('runtimes: the overlap of "${entry.id}" is not shorter than the time between its rotations')
            : entry

@description('A checked entry with everything filled in.')
func completed(entry runtime, defaults policy) completedRuntime => {
  id: entry.id
  parts: split(entry.id, '/')
  secretName: entry.?secretName ?? '${split(entry.id, '/')[8]}-${split(entry.id, '/')[10]}'
  vaultId: toLower(entry.?vault.?id ?? '')
  onSecret: (entry.?vault.?roleScope ?? 'vault') == 'secret'
  rotateEveryDays: entry.?rotateEveryDays ?? defaults.rotateEveryDays
  overlapHours: entry.?overlapHours ?? defaults.overlapHours
  validityDays: (entry.?rotateEveryDays ?? defaults.rotateEveryDays) + defaults.graceDays
}

@description('True when no two of the values are the same.')
func allDiffer(values string[], what string) bool => length(union(values, [])) == length(values) ? true : fail('runtimes: two entries have the same ${what}')

@description('Completed entries as they are, when no two name the same runtime, nor the same secret of a vault.')
func distinct(entries completedRuntime[]) completedRuntime[] =>
  allDiffer(map(entries, entry => toLower(entry.id)), 'id') && allDiffer(
      map(entries, entry => toLower('${entry.vaultId}/${entry.secretName}')),
      'vault and secret name'
    )
    ? entries
    : []

@export()
@description('All entries, checked and completed.')
func complete(entries runtime[], defaults policy) completedRuntime[] =>
  distinct(map(entries, entry => completed(checked(entry, defaults), defaults)))

@export()
@description('The app setting RUNTIMES.')
func toSetting(entries completedRuntime[], vaultSuffix string) string =>
  string(map(
    entries,
    entry =>
      union(
        {
          id: entry.id
          secretName: entry.secretName
          rotateEvery: 'P${entry.rotateEveryDays}D'
          overlap: 'PT${entry.overlapHours}H'
          validity: 'P${entry.validityDays}D'
        },
        empty(entry.vaultId) ? {} : { keyVaultUrl: 'https://${split(entry.vaultId, '/')[8]}${vaultSuffix}' }
      )
  ))

// From the parameter `runtimes` to what the rest of the template works with. What types cannot say about an entry is
// checked here; a wrong one stops the deployment before anything is deployed.

import { isGuid, isResourceGroupName, isSecretName, isVaultName, shapeOf } from 'names.bicep'
import { isException, runtimeScope, scopeOf, wrongWithRuntimeId } from 'runtimeIds.bicep'
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

  @description('Are nodes watched, or ignored?')
  nodes: string

  @description('Hours for which nodes must stay online.')
  soakHours: int

  @description('Do scheduled rotations rest?')
  paused: bool
}

@export()
@sealed()
@description('An entry with everything filled in.')
type completedRuntime = {
  @description('ARM id of the runtime, or the pattern.')
  id: string

  @description('What it names; a pattern names no runtime.')
  scope: runtimeScope

  @description('Runtimes that a pattern leaves out.')
  except: string[]

  @description('Name of the secret; empty for a pattern.')
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

  @description('Are its nodes watched, or ignored?')
  nodes: string

  @description('Do its scheduled rotations rest?')
  paused: bool
}

@description('What is wrong with the id of a vault; empty where nothing is.')
func wrongWithVaultId(id string) string =>
  shapeOf(id) != '/subscriptions/*/resourcegroups/*/providers/microsoft.keyvault/vaults/*'
    ? 'it has another form'
    : !isVaultName(split(id, '/')[8])
        ? 'its vault cannot have that name'
        : !isGuid(split(id, '/')[2])
            ? 'its subscription is no GUID'
            : !isResourceGroupName(split(id, '/')[4]) ? 'its resource group cannot have that name' : ''

@export()
@description('Does the entry stand for all runtimes of its scope?')
func isPattern(entry completedRuntime) bool => empty(entry.scope.runtime)

@export()
@description('Does the app have to list factories to find the runtimes of the entry?')
func listsFactories(entry completedRuntime) bool => empty(entry.scope.factory)

@description('What of `except` can be no runtime.')
func wrongExceptions(entry runtime) string[] => filter(entry.?except ?? [], text => !isException(text))

@description('What is wrong with what only a pattern, or only a runtime, can have; empty where nothing is.')
func wrongWithKind(entry runtime) string =>
  endsWith(entry.id, '/*')
    ? (entry.?secretName != null
        ? 'a pattern takes no secretName: each runtime that it finds has the secret {factory}-{runtime}'
        : entry.?vault != null && (entry.?vault.?roleScope ?? 'secret') == 'secret'
            ? 'a pattern in an existing vault takes roleScope: \'vault\', because no role can be assigned on secrets whose names nobody knows yet. The app may then read and write every secret of that vault: give it one of its own, or leave `vault` out'
            : !empty(wrongExceptions(entry))
                ? 'except: "${wrongExceptions(entry)[0]}" is neither the ARM id nor the name of a runtime'
                : '')
    : empty(entry.?except ?? []) ? '' : 'only a pattern takes `except`'

@description('An entry as it is, when its ids have the right form and its overlap is shorter than the time between rotations.')
func checked(entry runtime, defaults policy) runtime =>
  !empty(wrongWithRuntimeId(entry.id))
    ? fail('runtimes: "${entry.id}" is not the ARM id of an integration runtime: ${wrongWithRuntimeId(entry.id)}')
    : !empty(wrongWithKind(entry))
        ? fail('runtimes: "${entry.id}": ${wrongWithKind(entry)}')
        : entry.?vault != null && !empty(wrongWithVaultId(entry.?vault.?id ?? ''))
            ? fail('runtimes: "${entry.?vault.?id}" is not the ARM id of a vault: ${wrongWithVaultId(entry.?vault.?id ?? '')}')
            : !isSecretName(entry.?secretName ?? '')
                ? fail('runtimes: "${entry.?secretName}" cannot be the name of a secret: letters, digits and hyphens only')
                : (entry.?overlapHours ?? defaults.overlapHours) >= (entry.?rotateEveryDays ?? defaults.rotateEveryDays) * 24
                    ? fail('runtimes: the overlap of "${entry.id}" is not shorter than the time between its rotations')
                    : entry

@description('Name of the secret where an entry says nothing about it.')
func defaultSecretName(scope runtimeScope) string => empty(scope.runtime) ? '' : '${scope.factory}-${scope.runtime}'

@description('A checked entry with everything filled in.')
func completed(entry runtime, defaults policy) completedRuntime => {
  id: entry.id
  scope: scopeOf(entry.id)
  except: entry.?except ?? []
  secretName: entry.?secretName ?? defaultSecretName(scopeOf(entry.id))
  vaultId: toLower(entry.?vault.?id ?? '')
  onSecret: (entry.?vault.?roleScope ?? 'secret') == 'secret'
  rotateEveryDays: entry.?rotateEveryDays ?? defaults.rotateEveryDays
  overlapHours: entry.?overlapHours ?? defaults.overlapHours
  validityDays: (entry.?rotateEveryDays ?? defaults.rotateEveryDays) + defaults.graceDays
  nodes: entry.?nodes ?? defaults.nodes
  paused: entry.?paused ?? defaults.paused
}

@description('True when no two of the values are the same.')
func allDiffer(values string[], what string) bool => length(union(values, [])) == length(values) ? true : fail('runtimes: two entries have the same ${what}')

@description('Completed entries as they are, when no two name the same runtime, nor the same secret of a vault.')
func distinct(entries completedRuntime[]) completedRuntime[] =>
  allDiffer(map(entries, entry => toLower(entry.id)), 'id') && allDiffer(
      map(filter(entries, entry => !isPattern(entry)), entry => toLower('${entry.vaultId}/${entry.secretName}')),
      'vault and secret name'
    )
    ? entries
    : []

@export()
@description('All entries, checked and completed.')
func complete(entries runtime[], defaults policy) completedRuntime[] =>
  distinct(map(entries, entry => completed(checked(entry, defaults), defaults)))

@export()
@description('The longest time in days from publishing a key to the expiry of its secret.')
func longestValidityDays(entries completedRuntime[]) int => max(map(entries, entry => entry.validityDays))

@description('A setting as it is, when a process can take it: 131,072 bytes for one variable of the environment.')
func fitting(setting string) string =>
  length(setting) <= 120000
    ? setting
    : fail('runtimes: ${length(setting)} characters, of which an app setting can hold 120000; shorten ids and secret names, or deploy twice')

@export()
@description('The app setting RUNTIMES. An entry says no more than what is not as the other settings or the app have it anyway.')
func toSetting(entries completedRuntime[], defaults policy, vaultSuffix string) string =>
  fitting(string(map(
    entries,
    entry =>
      union(
        { id: entry.id },
        empty(entry.except) ? {} : { except: entry.except },
        entry.secretName == defaultSecretName(entry.scope) ? {} : { secretName: entry.secretName },
        empty(entry.vaultId) ? {} : { keyVaultUrl: 'https://${split(entry.vaultId, '/')[8]}${vaultSuffix}' },
        entry.overlapHours == defaults.overlapHours ? {} : { overlap: 'PT${entry.overlapHours}H' },
        entry.rotateEveryDays == defaults.rotateEveryDays
          ? {}
          : { rotateEvery: 'P${entry.rotateEveryDays}D', validity: 'P${entry.validityDays}D' },
        entry.nodes == defaults.nodes ? {} : { nodes: entry.nodes },
        entry.paused == defaults.paused ? {} : { paused: entry.paused }
      )
  )))

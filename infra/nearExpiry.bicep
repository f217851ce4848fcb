// Which secrets of a vault are watched for their expiry: those that entries name, those of a factory whose runtimes a
// pattern stands for, or all, where a pattern stands for several factories and nobody knows the names beforehand.

import { completedRuntime, isPattern } from 'runtimes.bicep'

@export()
@sealed()
@description('The secrets of this service in one vault.')
type watchedSecrets = {
  @description('Their names, as far as they are known.')
  names: string[]

  @description('What the names of a pattern over one factory begin with.')
  prefixes: string[]

  @description('Is every secret of the vault meant?')
  every: bool
}

@sealed()
@description('What one event subscription lets through: 25 values at most, and where both are empty, every secret.')
type eventFilter = {
  @description('Names of secrets.')
  names: string[]

  @description('What names begin with.')
  prefixes: string[]
}

@export()
@description('What is watched of a vault with these entries.')
func watchedOf(entries completedRuntime[]) watchedSecrets => {
  names: map(filter(entries, entry => !isPattern(entry)), entry => entry.secretName)
  prefixes: map(
    filter(entries, entry => isPattern(entry) && !empty(entry.scope.factory)),
    entry => '${entry.scope.factory}-'
  )
  every: !empty(filter(entries, entry => isPattern(entry) && empty(entry.scope.factory)))
}

@description('The names that no prefix covers, so that no secret is told of twice.')
func namesAlone(names string[], prefixes string[]) string[] =>
  filter(names, name => empty(filter(prefixes, prefix => startsWith(toLower(name), toLower(prefix)))))

@description('Lists of 25 values, which is all that an event subscription takes.')
func chunksOf(values string[]) string[][] =>
  map(range(0, (length(values) + 24) / 25), i => take(skip(values, i * 25), 25))

@export()
@description('What the event subscriptions of a vault let through, one after the other.')
func filtersOf(watched watchedSecrets) eventFilter[] =>
  watched.every
    ? [{ names: [], prefixes: [] }]
    : concat(
        map(chunksOf(namesAlone(watched.names, watched.prefixes)), names => { names: names, prefixes: [] }),
        map(chunksOf(watched.prefixes), prefixes => { names: [], prefixes: prefixes })
      )

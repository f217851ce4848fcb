// The forms of id that an entry of `runtimes` takes: one integration runtime, or a pattern that stands for all of a
// factory, of a resource group or of a subscription.

import { isFactoryOrRuntimeName, isGuid, isResourceGroupName, shapeOf } from 'names.bicep'

@export()
@sealed()
@description('What an id names. Whatever is empty stands for all.')
type runtimeScope = {
  @description('The subscription.')
  subscriptionId: string

  @description('The resource group; empty in a pattern over a subscription.')
  resourceGroup: string

  @description('The factory; empty in a pattern over several.')
  factory: string

  @description('The integration runtime; empty in a pattern.')
  runtime: string
}

@description('The name; empty where it stands for all.')
func nameOrAll(part string) string => part == '*' ? '' : part

@description('Is this a pattern over a subscription?')
func isOverSubscription(id string) bool =>
  length(split(id, '/')) == 9 && startsWith(toLower(id), '/subscriptions/') && endsWith(
    toLower(id),
    '/providers/microsoft.datafactory/factories/*/integrationruntimes/*'
  )

@export()
@description('What an id of the right form names.')
func scopeOf(id string) runtimeScope => {
  subscriptionId: split(id, '/')[2]
  resourceGroup: isOverSubscription(id) ? '' : split(id, '/')[4]
  factory: isOverSubscription(id) ? '' : nameOrAll(split(id, '/')[8])
  runtime: isOverSubscription(id) ? '' : nameOrAll(split(id, '/')[10])
}

@description('What is wrong with the parts of an id of the right form; empty where nothing is.')
func wrongWithParts(scope runtimeScope, groupCanBeEmpty bool) string =>
  !isGuid(scope.subscriptionId)
    ? 'its subscription is no GUID'
    : !groupCanBeEmpty && !isResourceGroupName(scope.resourceGroup)
        ? 'its resource group cannot have that name'
        : !empty(scope.factory) && !isFactoryOrRuntimeName(scope.factory)
            ? 'its factory cannot have that name'
            : !empty(scope.runtime) && !isFactoryOrRuntimeName(scope.runtime)
                ? 'its integration runtime cannot have that name'
                : empty(scope.factory) && !empty(scope.runtime)
                    ? 'a pattern over several factories ends in integrationRuntimes/*, and `except` leaves runtimes out'
                    : ''

@export()
@description('What is wrong with the id of an integration runtime, or with a pattern; empty where nothing is.')
func wrongWithRuntimeId(id string) string =>
  isOverSubscription(id)
    ? wrongWithParts(scopeOf(id), true)
    : shapeOf(id) != '/subscriptions/*/resourcegroups/*/providers/microsoft.datafactory/factories/*/integrationruntimes/*' || contains(
          [split(id, '/')[8], split(id, '/')[10]],
          ''
        )
        ? 'it has another form'
        : wrongWithParts(scopeOf(id), false)

@export()
@description('Does this name a runtime that a pattern leaves out: by its name, or by its ARM id?')
func isException(text string) bool =>
  contains(text, '/')
    ? !contains(text, '*') && !isOverSubscription(text) && empty(wrongWithRuntimeId(text))
    : isFactoryOrRuntimeName(text)

@export()
@description('The ARM id of what a scope names, as Azure forms it of the parts of another spelling: where the app\'s role is assigned.')
func idOf(scope runtimeScope) string =>
  '/subscriptions/${scope.subscriptionId}${empty(scope.resourceGroup) ? '' : '/resourceGroups/${scope.resourceGroup}'}${empty(scope.factory) ? '' : '/providers/Microsoft.DataFactory/factories/${scope.factory}'}${empty(scope.runtime) ? '' : '/integrationRuntimes/${scope.runtime}'}'

@export()
@description('The group, or where a pattern stands for all of its groups the subscription, in which a role on the scope is assigned; in lower case.')
func groupOf(scope runtimeScope) string => toLower(join(take(split(idOf(scope), '/'), 5), '/'))

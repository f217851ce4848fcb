// What Azure, and the app, take as a name. Types can say how long one is, but not of which characters it is made.

@description('Is each character of the text one of these? Letters count in either case.')
func isMadeOf(text string, characters string) bool =>
  empty(filter(
    map(range(0, length(text)), i => toLower(substring(text, i, 1))),
    character => !contains(characters, character)
  ))

var letters = 'abcdefghijklmnopqrstuvwxyz'
var digits = '0123456789'

@export()
@description('Is this a GUID?')
func isGuid(text string) bool =>
  isMadeOf(text, '${digits}abcdef-') && join(map(split(text, '-'), part => string(length(part))), '-') == '8-4-4-4-12'

@export()
@description('Is this made of letters and digits, with single hyphens between them?')
func isHyphenated(text string) bool => isMadeOf(text, '${letters}${digits}-') && !contains('-${text}-', '--')

@export()
@description('Is this a name of a factory or an integration runtime?')
func isFactoryOrRuntimeName(text string) bool => isHyphenated(text) && length(text) >= 3 && length(text) <= 63

@export()
@description('Is this a name of a vault?')
func isVaultName(text string) bool =>
  isHyphenated(text) && length(text) >= 3 && length(text) <= 24 && isMadeOf(substring('${text}-', 0, 1), letters)

@export()
@description('Is this a name of a secret? Its length is a matter of its type.')
func isSecretName(text string) bool => isMadeOf(text, '${letters}${digits}-')

@export()
@description('Is this a name of a resource group that the app takes?')
func isResourceGroupName(text string) bool =>
  isMadeOf(text, '${letters}${digits}-_.()') && length(text) >= 1 && length(text) <= 90 && !endsWith(text, '.')

# Dot-sourced by rotation.ps1. Deletes this deployment's event subscriptions on one existing vault: those that tell an
# action group of this resource group.
$vault = "$($Names | Select-Object -First 1)"
if ($vault -notmatch '^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+$') {
  Stop-Here "`"$vault`" is not the ARM id of a vault, nothing was done"
}
$found = @(Get-Az 'event subscriptions' @('eventgrid', 'event-subscription', 'list', '--source-resource-id', $vault) |
    Where-Object { ($_.destination | ConvertTo-Json -Depth 9) -like "*/$Group/*" } | ForEach-Object { $_.name } |
    Where-Object { $_ -match '^published-key-near-expiry-[0-9]+-[0-9a-z]+$' })
if ($found.Count -eq 0) { Stop-Here "remove-subscriptions: none of this deployment on $vault" }
Confirm-Removal "Delete these event subscriptions of ${vault}?" $found
foreach ($name in $found) { & az eventgrid event-subscription delete --source-resource-id $vault --name $name }

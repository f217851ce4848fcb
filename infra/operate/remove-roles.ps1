# Dot-sourced by rotation.ps1. Deletes the role definitions that this deployment made, found by the ending that the
# names of all its resources share.
if (-not $Names) { Stop-Here 'remove-roles: name the subscription' }
$suffix = ((Get-Suffix) -split '-')[-1]
$found = @(Get-Az 'role definitions' @('role', 'definition', 'list', '--custom-role-only', 'true', '--subscription', $Names[0]) |
    Where-Object { $_.roleName -like 'Integration Runtime *' -and $_.roleName.EndsWith("($suffix)") } | ForEach-Object { $_.name } |
    Where-Object { $_ -match '^[0-9a-f-]{36}$' })
if ($found.Count -eq 0) { Stop-Here "remove-roles: none that end with ($suffix)" }
Confirm-Removal "Delete these role definitions, which end with ($suffix)?" $found
foreach ($name in $found) { & az role definition delete --name $name --subscription $Names[0] }

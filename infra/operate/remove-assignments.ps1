# Dot-sourced by rotation.ps1. Deletes the role assignments of the app's identity in one subscription. The list is filtered
# by the principal a second time, because `--assignee` with nothing in it lists everybody's.
if (-not $Names) { Stop-Here 'remove-assignments: name the subscription' }
$principal = Get-Principal
$ids = @(Get-Az 'role assignments' @('role', 'assignment', 'list', '--all', '--assignee', $principal, '--subscription', $Names[0]) |
    Where-Object { $_.principalId -eq $principal } | ForEach-Object { $_.id })
if ($ids.Count -eq 0) { Stop-Here "remove-assignments: none in $($Names[0])" }
foreach ($id in $ids) {
  if ($id -notmatch '/providers/Microsoft\.Authorization/roleAssignments/[0-9a-f-]{36}$') {
    Stop-Here "remove-assignments: `"$id`" is no role assignment, nothing was done"
  }
}
Confirm-Removal "Delete these role assignments of ${principal}?" $ids
foreach ($id in $ids) { & az role assignment delete --ids $id }

# Dot-sourced by rotation.ps1. Deploys the package and waits until the host knows exactly the three functions.
if (-not $Names -or -not (Test-Path $Names[0])) { Stop-Here 'push: name the zip to deploy' }
$app = Get-App
$pause = 15
if ($env:ROTATION_PAUSE) { $pause = [int] $env:ROTATION_PAUSE }
$expected = 'rotateOnDemand rotateOnSchedule status'

# In its first minutes a new app answers 403: its role on the storage account is not seen yet.
foreach ($attempt in 1..8) {
  & az functionapp deployment source config-zip --resource-group $Group --name $app --src $Names[0]
  if ($LASTEXITCODE -eq 0) { break }
  if ($attempt -eq 8) { Stop-Here "push: the package was refused $attempt times" }
  [Console]::Error.WriteLine("push: not taken, again in $($pause * 4) seconds")
  Start-Sleep -Seconds ($pause * 4)
}

# A host that was not told to look again can go on listing what it had.
$site = Get-One 'id of the app' @('functionapp', 'show', '--resource-group', $Group, '--name', $app, '--query', 'id')
$url = (Get-ResourceManager) + "$site/host/default/sync?api-version=2024-11-01"
foreach ($attempt in 1..20) {
  & az rest --method post --url $url --output none
  $answer = & az functionapp function list --resource-group $Group --name $app --query '[].name' --output tsv
  $found = (@($answer | Where-Object { $_ } | ForEach-Object { ($_ -split '/')[-1].Trim() } | Sort-Object) -join ' ')
  if ($LASTEXITCODE -eq 0 -and $found -eq $expected) { "push: the host knows $found"; return }
  Start-Sleep -Seconds $pause
}
Stop-Here "push: the host knows other functions than ${expected}: $found"

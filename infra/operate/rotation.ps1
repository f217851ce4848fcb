<#
.SYNOPSIS
What an operator does with one deployment, by the name of its resource group: docs/runbook.md says when.
.DESCRIPTION
The same words as rotation.sh, for Windows PowerShell 5.1 and PowerShell 7. Nothing is deleted by what a command answered
unless that is one thing of the expected form, was shown, and was confirmed. With Entra in front of the app, set
$env:ROTATION_AUDIENCE to its audience, such as api://<client id>; where a group has several deployments, $env:ROTATION_APP to the
name of the app.
#>
param([string] $Group, [string] $Command, [Parameter(ValueFromRemainingArguments)] [string[]] $Names)
$ErrorActionPreference = 'Stop'
# Since 7.4 a command that fails would end the script before it can say of what.
$PSNativeCommandUseErrorActionPreference = $false

$usage = 'usage: rotation.ps1 RESOURCE_GROUP COMMAND, where COMMAND is one of names, status, preview [NAME...], rotate NAME..., ' +
  'compromised NAME..., tick, problems, exceptions, nodes RUNTIME_ID, remove-node RUNTIME_ID NODE, lock RUNTIME_ID, owner-commands, push ZIP, ' +
  'remove-assignments SUBSCRIPTION, remove-subscriptions VAULT_ID, remove-roles SUBSCRIPTION'

# Ends everything: an `exit` in a dot-sourced file would only end that file.
function Stop-Here([string] $Message) { throw $Message }

# What `az` answers, as objects. Its arguments hold no quote and no pipe, which the az.cmd of Windows would not pass on.
function Get-Az([string] $What, [string[]] $Arguments) {
  $text = & az @Arguments --output json
  if ($LASTEXITCODE -ne 0) { Stop-Here "${What}: the command failed, nothing was done: az $Arguments" }
  if (-not $text) { return @() }
  try { return @($text | Out-String | ConvertFrom-Json | ForEach-Object { $_ }) }
  catch { Stop-Here "${What}: az answered something that is no JSON, nothing was done" }
}

# The one thing that a command answers. Nothing and several end here.
function Get-One([string] $What, [string[]] $Arguments) {
  $found = @(Get-Az $What $Arguments | Where-Object { $_ })
  if ($found.Count -eq 0) { Stop-Here "${What}: none found in $Group, nothing was done" }
  if ($found.Count -gt 1) { Stop-Here "${What}: more than one found in $Group, nothing was done: $found" }
  return [string] $found[0]
}

# Found by the tag that the template gives it, so that a group may hold other apps, too. All other names follow from it.
function Get-App {
  if ($env:ROTATION_APP) { return $env:ROTATION_APP }
  $found = @(Get-Az 'function app' @('functionapp', 'list', '--resource-group', $Group) |
      Where-Object { $_.tags.'azd-service-name' -eq 'rotation' } | ForEach-Object { $_.name })
  if ($found.Count -eq 0) { Stop-Here "function app: none found in $Group, nothing was done" }
  if ($found.Count -gt 1) { Stop-Here "function app: more than one found in $Group, nothing was done: $found" }
  return $found[0]
}
function Get-Suffix {
  $app = Get-App
  if ($app -notmatch '^func-[a-z0-9-]+-[0-9a-z]{13}$') { Stop-Here "$app was not named by this template, nothing was done" }
  return $app -replace '^func-'
}
function Get-HostName([string] $App) {
  Get-One 'host name' @('functionapp', 'show', '--resource-group', $Group, '--name', $App, '--query', 'defaultHostName')
}
function Get-Principal {
  $found = Get-One 'identity' @('identity', 'show', '--resource-group', $Group, '--name', "id-$(Get-Suffix)", '--query', 'principalId')
  if ($found -notmatch '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') { Stop-Here "identity: $found is no principal id, nothing was done" }
  return $found
}
function Get-Workspace {
  Get-One 'workspace' @('monitor', 'log-analytics', 'workspace', 'show', '--resource-group', $Group, '--workspace-name', "log-$(Get-Suffix)", '--query', 'customerId')
}
function Get-Storage {
  $name = 'st' + (Get-Suffix).Replace('-', '')
  return $name.Substring(0, [Math]::Min(24, $name.Length))
}
function Get-ResourceManager {
  (Get-One 'address of Azure Resource Manager' @('cloud', 'show', '--query', 'endpoints.resourceManager')).TrimEnd('/')
}

# Each function has a key of its own, which opens no other. The master key opens everything, and is for the tick alone.
function Get-Key([string] $App, [string] $Of) {
  $arguments = if ($Of -eq 'master') { @('keys', 'list', '--query', 'masterKey') } else { @('function', 'keys', 'list', '--function-name', $Of, '--query', 'default') }
  Get-One 'key' (@('functionapp') + $arguments + @('--resource-group', $Group, '--name', $App))
}

function Invoke-App([string] $Key, [string] $Path, [string] $Body) {
  $app = Get-App
  $address = 'https://' + (Get-HostName $app) + "/$Path"
  $headers = @{ 'x-functions-key' = Get-Key $app $Key }
  if ($env:ROTATION_AUDIENCE) {
    $token = Get-One 'token' @('account', 'get-access-token', '--resource', $env:ROTATION_AUDIENCE, '--query', 'accessToken')
    $headers.Authorization = "Bearer $token"
  }
  $request = @{ Uri = $address; Headers = $headers; UseBasicParsing = $true }
  if ($Body) { $request += @{ Method = 'Post'; Body = $Body; ContentType = 'application/json' } }
  try { $answer = Invoke-WebRequest @request; "HTTP $([int] $answer.StatusCode)"; $answer.Content }
  catch {
    # Of 4xx and 5xx the body says why.
    if ($_.ErrorDetails) { $_.ErrorDetails.Message }
    Stop-Here $_.Exception.Message
  }
}

function ConvertTo-List {
  foreach ($name in $Names) {
    if ($name -notmatch '^[A-Za-z0-9/._()-]+$') { Stop-Here "`"$name`" is no secret name and no ARM id, nothing was done" }
  }
  return '["' + ($Names -join '","') + '"]'
}

function Assert-RuntimeId {
  if ("$($Names | Select-Object -First 1)" -notmatch '^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.DataFactory/factories/[^/]+/integrationRuntimes/[^/?]+$') {
    Stop-Here "`"$($Names | Select-Object -First 1)`" is not the ARM id of an integration runtime, nothing was done"
  }
}

# A query on one line and without double quotes, as az.cmd passes it on.
function Show-Logs([string] $Query) {
  $line = (($Query -split '\r?\n' | Where-Object { $_ -notmatch '^\s*//' }) -join ' ').Replace('"', "'")
  $workspace = Get-Workspace
  & az monitor log-analytics query --workspace $workspace --analytics-query $line --timespan P7D --output table
}

# Shows what would go, and goes on only with a typed yes.
function Confirm-Removal([string] $Question, [string[]] $Things) {
  $Things | Out-Host
  [Console]::Error.Write("$Question Type yes: ")
  if ([Console]::In.ReadLine() -ne 'yes') { Stop-Here 'nothing was done' }
}

try {
  switch ($Command) {
    'names' {
      $app = Get-App
      "app $app"; "host $(Get-HostName $app)"; "principal $(Get-Principal)"; "workspace $(Get-Workspace)"; "storage $(Get-Storage)"
    }
    'status' { Invoke-App 'status' 'api/status' }
    'preview' {
      if (-not $Names) { $body = '{"dryRun": true}' } else { $body = '{"dryRun": true, "runtimes": ' + (ConvertTo-List) + '}' }
      Invoke-App 'rotateOnDemand' 'api/rotate' $body
    }
    { $_ -in 'rotate', 'compromised' } {
      if (-not $Names) { Stop-Here "${Command}: name at least one runtime" }
      $body = '{"runtimes": ' + (ConvertTo-List)
      if ($Command -eq 'compromised') { $body += ', "compromised": true' }
      Invoke-App 'rotateOnDemand' 'api/rotate' "$body}"
    }
    'tick' { Invoke-App 'master' 'admin/functions/rotateOnSchedule' '{}' }
    'problems' { Show-Logs (Get-Content -Raw (Join-Path $PSScriptRoot '../queries/problems.kql')) }
    'exceptions' { Show-Logs "AppExceptions | where OperationName == 'rotateOnSchedule' | project TimeGenerated, OuterMessage | order by TimeGenerated desc" }
    'nodes' {
      Assert-RuntimeId
      $url = (Get-ResourceManager) + $Names[0] + '/getStatus?api-version=2018-06-01'
      Get-Az 'nodes' @('rest', '--method', 'post', '--url', $url, '--query', 'properties.typeProperties.nodes') |
        Format-Table nodeName, machineName, status, registerTime, lastConnectTime
    }
    'remove-node' {
      Assert-RuntimeId
      if ("$($Names[1])" -notmatch '^[^/?&]+$') { Stop-Here 'name one node, as "nodes" shows it' }
      $url = (Get-ResourceManager) + "$($Names[0])/nodes/$($Names[1])?api-version=2018-06-01"
      Confirm-Removal "Take the node $($Names[1]) off this runtime?" @($Names[0])
      & az rest --method delete --url $url
    }
    'lock' {
      Assert-RuntimeId
      $bytes = [Text.Encoding]::UTF8.GetBytes($Names[0].ToLowerInvariant())
      $hash = [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($bytes)).Replace('-', '').ToLowerInvariant()
      "container rotation-locks, blob $hash"
      $storage = Get-Storage
      & az storage blob show --auth-mode login --account-name $storage --container-name rotation-locks --name $hash --query properties.lease
    }
    'owner-commands' {
      $deployments = Get-Az 'deployments' @('deployment', 'group', 'list', '--resource-group', $Group)
      ($deployments | Where-Object { $_.properties.outputs.commandsForOwners } | Sort-Object { $_.properties.timestamp } |
          Select-Object -Last 1).properties.outputs.commandsForOwners.value
    }
    { $_ -in 'push', 'remove-assignments', 'remove-subscriptions', 'remove-roles' } { . (Join-Path $PSScriptRoot "$Command.ps1") }
    default { Stop-Here $usage }
  }
} catch {
  [Console]::Error.WriteLine($_.Exception.Message)
  exit 1
}

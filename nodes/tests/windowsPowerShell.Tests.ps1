# No Windows PowerShell 5.1 runs here, so that what it lacks is kept out by what the script may use at all.

BeforeAll {
  . "$PSScriptRoot/windowsPowerShell.ps1"
  $file = "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1"
}

Describe 'The script' {
  It 'has nothing that Windows PowerShell 5.1 lacks' {
    Find-Strangers ([System.IO.File]::ReadAllText($file)) | Should -BeNullOrEmpty
  }

  It 'is plain ASCII, because 5.1 reads a file without a mark as the code page of the machine' {
    [System.IO.File]::ReadAllText($file) | Should -Not -Match '[^\x00-\x7F]'
  }

  It 'passes nothing that can hold a key to a cmdlet, whose arguments module logging writes to the event log' {
    Find-Disclosures ([System.IO.File]::ReadAllText($file)) | Should -BeNullOrEmpty
  }
}

Describe 'What would be noticed' {
  It '<_>' -ForEach @(
    '$a = $true ? 1 : 2'
    '$a = $b ?? 1'
    '$b ??= 1'
    '${a}?.Length'
    '${a}?[0]'
    'Get-Item x && Get-Item y'
    'Get-Item x || Get-Item y'
    'Start-Sleep 1 &'
    '1..3 | ForEach-Object -Parallel { $_ }'
    'Join-Path a b c'
    'if ($IsWindows) { 1 }'
    '$PSStyle.Reset'
    '"{}" | ConvertFrom-Json -AsHashtable'
    'Invoke-RestMethod x -SkipHttpErrorCheck'
    'Get-Item x -Encoding utf8NoBOM'
    'Write-EventLog -LogName Application'
    'Get-Uptime'
    '[System.IO.File]::Move(1, 2, $true)'
    '$info.ArgumentList.Add(1)'
    '$process.Kill($true)'
    '[System.Text.Json.JsonDocument]::Parse(1)'
    '"`u{1F600}"'
    'function f { clean { } }'
    '1..3 | Sort-Object -Top 1'
    'using namespace System.IO'
    '[Environment]::ProcessPath'
  ) {
    Find-Strangers $_ | Should -Not -BeNullOrEmpty
  }

  It 'as a disclosure: <_>' -ForEach @(
    'Write-Host $secret.Key'
    '$Command.Words | ForEach-Object { 1 }'
    '$answer.Text | ConvertFrom-Json'
    'Out-Null -InputObject $key'
    'Write-Verbose "x $($read[''value''])"'
  ) {
    Find-Disclosures $_ | Should -Not -BeNullOrEmpty
  }
}

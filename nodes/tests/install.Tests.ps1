BeforeAll { . "$PSScriptRoot/node.ps1" }

Describe '-Install' {
  BeforeEach { $node = New-RegisteredNode }

  It 'makes a task that runs a copy of the script as SYSTEM, at boot and every two hours' {
    $run = Invoke-Script $node @{ Install = $true; Hours = '22-5' }
    $run.Code | Should -Be 0 -Because $run.Text
    Test-Path "$node/program/Sync-IntegrationRuntimeKey.ps1" | Should -BeTrue
    $task = ([xml] (Read-Node $node task.xml)).Task
    $task.Principals.Principal.UserId | Should -Be 'S-1-5-18'
    $task.Triggers.BootTrigger.Delay | Should -Be 'PT2M'
    $task.Triggers.TimeTrigger.Repetition.Interval | Should -Be 'PT2H'
    $task.Triggers.TimeTrigger.RandomDelay | Should -Be 'PT30M'
    $task.Settings.MultipleInstancesPolicy | Should -Be 'IgnoreNew'
    Assert-Discreet $node $run
  }

  It 'passes on what it was given, so that the task does what was tried by hand' {
    $null = Invoke-Script $node @{ Install = $true; Hours = '22-5'; ExpireAfterSeconds = 600; ArcTokenFolder = 'C:\Token Folder\' }
    $arguments = ([xml] (Read-Node $node task.xml)).Task.Actions.Exec.Arguments
    $words = [System.Management.Automation.PSParser]::Tokenize(($arguments -replace '^.*?-File ', '& '), [ref] $null).Content
    $words | Should -Contain '-Hours'
    $words | Should -Contain '22-5'
    $words | Should -Contain '600'
    # A backslash before the quote would take the rest of the line with it.
    $words | Should -Contain 'C:\Token Folder'
    $words | Should -Not -Contain '-Install'
    $given = @{}
    for ($at = 2; $at -lt $words.Count; $at += 2) { $given[$words[$at].TrimStart('-')] = $words[$at + 1] }
    $given.Remove('ArcTokenFolder')
    (Invoke-Script $node $given).Code | Should -Be 0
  }

  It 'says at once whose key this machine will get, and gives it none yet' {
    $run = Invoke-Script $node @{ Install = $true }
    $run.Text | Should -Match 'the key of the integration runtime onprem of the data factory contoso: the Configuration Manager'
    Get-Calls $node | Should -BeNullOrEmpty
  }

  It 'says at once that the secret cannot be read; the task is there, and tries again' {
    $null = Invoke-Lever fail @{ how = 'forbidden'; times = '1' }
    $run = Invoke-Script $node @{ Install = $true }
    $run.Code | Should -Be 1
    $run.Text | Should -Match 'Grant this identity the role'
    Test-Path "$node/task.xml" | Should -BeTrue
  }

  It 'needs an administrator' {
    Write-Node $node not-an-administrator 'yes'
    (Invoke-Script $node @{ Install = $true }).Code | Should -Be 2
    Test-Path "$node/task.xml" | Should -BeFalse
  }

  It 'installs over itself, and is undone by -Uninstall, which leaves the node as it is' {
    $null = Invoke-Script $node @{ Install = $true }
    (Invoke-Script $node @{ Install = $true }).Code | Should -Be 0
    $null = Invoke-Script $node
    Clear-Calls $node
    (Invoke-Script $node @{ SecretUrl = $null; Uninstall = $true }).Code | Should -Be 0
    Test-Path "$node/task.xml" | Should -BeFalse
    Test-Path "$node/program" | Should -BeFalse
    Get-Calls $node | Should -BeNullOrEmpty
    Test-Online $node | Should -BeTrue
    (Invoke-Script $node @{ SecretUrl = $null; Uninstall = $true }).Code | Should -Be 0
  }
}

Describe '-Container' {
  It 'starts and registers the node, gives it the keys of later rotations, and ends with it' {
    $node = New-Node
    Write-Node $node service 'Stopped'
    $run = Invoke-Script $node @{ Container = $true; ExpireAfterSeconds = 600 } {
      $script:waits = 0
      $Limits.Every = 600
      # The clock goes on as ever. After 15 minutes the key is rotated, after 40 the service ends.
      function Wait-Seconds([double] $Seconds) {
        Write-Node $Node clock ((Get-Now).AddSeconds($Seconds).Ticks)
        if ($Seconds -ne 60) { return }
        $script:waits++
        if ($script:waits -eq 15) { $null = Invoke-Rotation $Node }
        if ($script:waits -eq 40) { Write-Node $Node online (Test-Online $Node); Write-Node $Node service 'Stopped' }
      }
    }
    $run.Code | Should -Be 1
    Read-Node $node remoteAccess | Should -Be '-EnableRemoteAccessInContainer 8060'
    Get-Calls $node | Should -Be '-Start', '-EnableRemoteAccessInContainer', '-RegisterNewNode', '-Key', '-Restart', '-Stop'
    Read-Node $node online | Should -Be 'True'
    Read-Node $node key | Should -Be (Invoke-Lever look).key
    Assert-Discreet $node $run
  }

  It 'ends where the node cannot be registered, so that its orchestrator starts another' {
    $node = New-Node
    Write-Node $node fault '-RegisterNewNode refuses always'
    (Invoke-Script $node @{ Container = $true }).Code | Should -Be 1
    Get-Calls $node | Select-Object -Last 1 | Should -Be '-Stop'
  }
}

Describe 'The script as a file that is run' {
  BeforeAll {
    $null = New-Node
    $command, [string[]] $arguments = ConvertFrom-Json $env:NODES_POWERSHELL
    function Invoke-File { & $command @arguments -NoProfile -NonInteractive -File "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1" @args *>&1 | Out-String -Width 4096 }
  }

  It 'reads the secret, says what it would do, and ends with 0' {
    $text = Invoke-File -SecretUrl 'https://contoso.vault.azure.net/secrets/contoso-onprem' -WhatIf -Identity Azure -NodeName SHIR01 -ImdsUrl "$env:NODES_WORLD/metadata/identity/oauth2/token"
    $LASTEXITCODE | Should -Be 0 -Because $text
    $text | Should -Match 'Would register a node SHIR01 with the integration runtime onprem'
    $text | Should -Not -Match 'FAKE'
  }

  It 'sends a token to no host but a vault: <_>' -ForEach 'https://example.com/secrets/x', 'https://contoso.vault.azure.net.example.com/secrets/x', 'http://contoso.vault.azure.net/secrets/x', 'https://contoso.vault.azure.net/secrets/x/0123456789abcdef' {
    $text = Invoke-File -SecretUrl $_ -WhatIf -NodeName SHIR01
    $LASTEXITCODE | Should -Not -Be 0
    $text | Should -Match 'SecretUrl'
  }
}

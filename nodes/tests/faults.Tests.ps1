# Every step x every fault, and killed at every step; then the script runs again as its schedule has it.
BeforeDiscovery {
  $faults = 'refuses', 'lies', 'lies-aloud', 'hangs', 'fails-though-done', 'hangs-though-done', 'leaves-a-child'
  $cases = @(
    foreach ($fault in $faults) {
      foreach ($step in '-EnableRemoteAccess', '-RegisterNewNode', '-cgc') { @{ From = 'new'; Step = $step; Fault = $fault } }
      foreach ($step in '-Key', '-Restart', '-cgc') { @{ From = 'registered'; Step = $step; Fault = $fault } }
    }
    @{ From = 'registered'; Step = '-Restart'; Fault = 'hangs-between' }
    @{ From = 'registered'; Step = '-Key'; Fault = 'rambles' }
  )
  $deaths = @(
    foreach ($when in 'before', 'after') {
      foreach ($step in '-EnableRemoteAccess', '-RegisterNewNode') { @{ From = 'new'; Step = $step; Fault = "dies-$when"; Nth = 1 } }
      foreach ($step in '-Key', '-Restart') { @{ From = 'registered'; Step = $step; Fault = "dies-$when"; Nth = 1 } }
    }
    @{ From = 'registered'; Step = '-Restart'; Fault = 'dies-between'; Nth = 1 }
    # The first look is before the key, the second right after the restart, the fourth the last before it counts.
    foreach ($nth in 1, 2, 4) { @{ From = 'registered'; Step = '-cgc'; Fault = 'dies-after'; Nth = $nth } }
    @{ From = 'new'; Step = '-cgc'; Fault = 'dies-before'; Nth = 1 }
  )
}

BeforeAll {
  . "$PSScriptRoot/node.ps1"

  # A node before the fault, with a version in the vault that it has not taken yet.
  function New-Start([string] $From) {
    if ($From -eq 'new') {
      $node = New-Node
      Write-Node $node has-siblings 'yes'
    } else {
      $node = New-RegisteredNode
      $null = Invoke-Script $node
      $null = Invoke-Rotation $node
    }
    $node
  }

  # Runs the script twice a day until it says that all is well, for two days at most.
  function Invoke-Schedule([string] $Node) {
    foreach ($round in 1..4) {
      Skip-Time $Node '12:00:00'
      $run = Invoke-Script $Node
      Assert-Discreet $Node $run
      if ($run.Code -eq 0) { return $run }
    }
    $run
  }

  function Assert-Converged([string] $Node) {
    $world = Invoke-Lever look
    (Get-State $Node).Version | Should -Be $world.version
    Read-Node $Node key | Should -Be $world.key
    Read-Node $Node session | Should -Be $world.key -Because 'the service was restarted with it'
    Test-Online $Node | Should -BeTrue
    Test-Path "$Node/violations" | Should -BeFalse -Because 'a registered node is never registered again'
  }
}

Describe 'A <From> node, where dmgcmd <Step> <Fault>' -ForEach $cases {
  It 'keeps its registration and its connection, and converges' {
    $node = New-Start $From
    # The look before the key is no step of the update.
    $nth = if ($From -eq 'registered' -and $Step -eq '-cgc') { 2 } else { 1 }
    Write-Node $node fault "$Step $Fault $nth"
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $first = Invoke-Script $node
    if ($Fault -eq 'leaves-a-child') { $watch.Elapsed.TotalSeconds | Should -BeLessThan 40 -Because 'nobody waits for what dmgcmd has started' }
    Test-Path "$node/fault" | Should -BeFalse -Because 'the fault has struck'
    Assert-Discreet $node $first
    if ($From -eq 'registered') { Test-Online $node | Should -BeTrue -Because $first.Text }
    (Invoke-Schedule $node).Code | Should -Be 0
    if ($Step -eq '-Key' -and $Fault -eq 'lies') {
      # Nobody can tell: the command said yes, and the old key, which lives until the next rotation, connects. The
      # version after that is the remedy, and the key that the node kept is the one that dies by it.
      Test-Online $node | Should -BeTrue
      $null = Invoke-Rotation $node
      (Invoke-Schedule $node).Code | Should -Be 0
    }
    Assert-Converged $node
  }
}

Describe 'A <From> node, where the script <Fault> dmgcmd <Step> (<Nth>)' -ForEach $deaths {
  It 'keeps its registration, and converges when the script runs again' {
    $node = New-Start $From
    Write-Node $node fault "$Step $Fault $Nth"
    $killed = Invoke-Process $node
    $killed.Code | Should -Be 137 -Because $killed.Text
    Assert-Discreet $node $killed
    if ($From -eq 'registered') { Read-Node $node HaveRun | Should -Be 'Mdw' }
    # At boot, or by the next hour of the task: what was left down comes up at once, whatever pauses are due.
    Skip-Time $node '00:02:00'
    $again = Invoke-Script $node
    Assert-Discreet $node $again
    if ((Read-Node $node HaveRun) -eq 'Mdw') { Test-Online $node | Should -BeTrue -Because $again.Text }
    (Invoke-Schedule $node).Code | Should -Be 0
    Assert-Converged $node
  }
}

Describe 'A run that is killed while it reads the secret' {
  It 'has done nothing, and leaves no lock behind' {
    $node = New-Start registered
    $null = Invoke-Lever kill @{ pidFile = "$node/pid" }
    Clear-Calls $node
    $killed = Invoke-Process $node
    $killed.Code | Should -Be 137 -Because $killed.Text
    Get-Calls $node | Should -BeNullOrEmpty
    (Invoke-Script $node).Code | Should -Be 0
    Assert-Converged $node
  }
}

Describe 'Two runs that start at the same moment' {
  It 'give the key once' {
    $node = New-Start registered
    Clear-Calls $node
    $command, [string[]] $arguments = ConvertFrom-Json $env:NODES_POWERSHELL
    Write-Node $node parameters (ConvertTo-Json -Compress (Get-Parameters $node))
    $runs = foreach ($run in 1..2) {
      Start-Process $command -PassThru -RedirectStandardOutput "$node/out-$run" -ArgumentList ($arguments + '-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/runNode.ps1", $node)
    }
    $runs | ForEach-Object { $_.WaitForExit() }
    $runs.ExitCode | Should -Be 0, 0
    Get-Calls $node | Should -Be '-Key', '-Restart'
    Assert-Converged $node
  }
}

BeforeAll { . "$PSScriptRoot/node.ps1" }

Describe 'A node that is not registered' {
  It 'is registered under its name, after remote access was enabled' {
    $node = New-Node
    Write-Node $node has-siblings 'yes'
    $run = Invoke-Script $node
    $run.Code | Should -Be 0 -Because $run.Text
    Get-Calls $node | Should -Be '-EnableRemoteAccess', '-RegisterNewNode'
    Read-Node $node name | Should -Be 'SHIR01'
    Test-Online $node | Should -BeTrue
  }
}

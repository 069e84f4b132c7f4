import Testing

@testable import DescentCommand

import Testing

@testable import ArrayFiles

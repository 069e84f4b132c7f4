import Testing

@testable import ImageFeatures

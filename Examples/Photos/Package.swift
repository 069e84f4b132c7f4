// swift-tools-version: 6.3
import PackageDescription

// A package of its own that uses Descent as any other would: from its repository, or from a folder beside it.
let package = Package(
    name: "Photos",
    dependencies: [.package(name: "descent", path: "../..")],
    targets: [
        .executableTarget(name: "Photos", dependencies: [.product(name: "Descent", package: "descent")])
    ],
    swiftLanguageModes: [.v6]
)

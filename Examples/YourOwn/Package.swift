// swift-tools-version: 6.3
import PackageDescription

// A package of its own beside Descent, as a user's would be: it sees what is public, and no more.
let package = Package(
    name: "your-own",
    dependencies: [.package(name: "descent", path: "../..")],
    targets: [
        .executableTarget(name: "YourOwn", dependencies: [.product(name: "Descent", package: "descent")])
    ],
    swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.3
import PackageDescription

// Everything that knows about HTTP is in this package of its own: who depends on Descent, and who only trains, resolves and
// builds none of it. `./descent serve` builds it when it is first asked for.
let package = Package(
    name: "descent-server",
    products: [
        .library(name: "Serving", targets: ["Serving"]),
        .executable(name: "descent-server", targets: ["ServerCommand"]),
    ],
    dependencies: [
        .package(name: "descent", path: ".."),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.9.0"),
    ],
    targets: [
        .systemLibrary(name: "CServerZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "Serving",
            dependencies: [
                "CServerZlib",
                .product(name: "Descent", package: "descent"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .target(name: "Lab", dependencies: [.product(name: "Descent", package: "descent")]),
        .target(
            name: "Pages",
            dependencies: [
                "Lab", "Serving", .product(name: "Descent", package: "descent"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [
                .embedInCode("Web/index.html"), .embedInCode("Web/page.css"), .embedInCode("Web/page.js"),
                .embedInCode("Web/drawing.js"), .embedInCode("Web/words.js"), .embedInCode("Web/inside.js"),
                .embedInCode("Web/lab.html"), .embedInCode("Web/lab.css"), .embedInCode("Web/lab.js"),
                .embedInCode("Web/lab-run.js"), .embedInCode("Web/lab-fields.js"),
                .embedInCode("Web/lab-settings.js"), .embedInCode("Web/lab-plane.js"),
                .embedInCode("Web/lab-network.js"), .embedInCode("Web/lab-charts.js"),
                .embedInCode("Web/lab-slow.js"), .embedInCode("Web/lab-method.js"),
                .embedInCode("Web/lab-words.js"),
            ]),
        .executableTarget(
            name: "ServerCommand",
            dependencies: [
                "Lab", "Pages", "Serving", .product(name: "Descent", package: "descent"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(name: "LabTests", dependencies: ["Lab", .product(name: "Descent", package: "descent")]),
        .testTarget(
            name: "PagesTests",
            dependencies: ["Pages", "Serving", .product(name: "Descent", package: "descent")]),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "Serving", .product(name: "Descent", package: "descent"),
                .product(name: "Logging", package: "swift-log"),
            ], ),
    ],
    swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that who depends on Descent never builds or resolves anything of this.
let package = Package(
    name: "DescentBenchmarks",
    dependencies: [
        .package(name: "descent", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        .executableTarget(
            name: "descent-bench",
            dependencies: [
                .product(name: "Descent", package: "descent"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/DescentBenchmarks"),
        .executableTarget(
            name: "onnx-bench", dependencies: [.product(name: "Descent", package: "descent")],
            path: "Sources/ONNXBenchmark"),
    ],
    swiftLanguageModes: [.v6]
)

import Classical
import Classification
import Datasets
import ExampleData
import Networks
import Pipelines
import Support
import Testing

@testable import Models

/// Operations by formulas: two for each multiplication with its addition.
@Suite struct OperationCountTests {
    private let data = BuiltInDigits.dataset(trainCount: 60, testCount: 4)

    private func count(_ classifier: any TrainedClassifier) throws -> Int? {
        try ClassifierModel(classifier, nil).operationCount
    }

    @Test func networks() throws {
        let network = try TrainableNetwork(named: "mlp:50", for: data.test)
        let operations = try #require(try count(network.classifier()))
        // 784 x 50 and 50 x 10 products; functions of 50 and 10 elements cost little beside them.
        let products = 2 * (784 * 50 + 50 * 10)
        #expect(operations >= products && operations <= products + 1000, "\(operations)")
    }

    @Test func pipelines() throws {
        #expect(try count(Pipeline(.pixels, LogisticRegression()).fit(data.train)) == 2 * 10 * 784)
        #expect(try count(Pipeline(.pixels, NearestNeighbors(k: 1)).fit(data.train)) == 2 * 60 * 784)
        #expect(try count(Pipeline(.pixels, GaussianNaiveBayes()).fit(data.train)) == 4 * 10 * 784)
        let components = Pipeline(.pixels, LogisticRegression(), componentCount: 20)
        #expect(try count(components.fit(data.train)) == 2 * 784 * 20 + 2 * 10 * 20)
        let machine = try Pipeline(.pixels, SupportVectorMachine()).fit(data.train)
        let support = try #require(machine.classifier as? SupportVectorClassifier).supportVectors.count
        #expect(try count(machine) == 2 * support * (784 + 10))
    }

    @Test func whatShapesDoNotSay() throws {
        #expect(try count(Pipeline(.pixels, LogisticRegression(), deskews: true).fit(data.train)) == nil)
        let gradients = Pipeline(try FeatureChoice(parsing: "hog:7"), LogisticRegression())
        #expect(try count(gradients.fit(data.train)) == nil)
    }
}

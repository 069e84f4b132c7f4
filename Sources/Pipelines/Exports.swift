// A pipeline is features, transforms and a classifier: who builds one needs these modules' types, so `import Pipelines` brings
// them.
@_exported import Classical
@_exported import ImageFeatures
@_exported import Regression

// Short names for the shapes the API answers with.
import type { components, paths } from './schema'

/** As openapi-fetch gives it: it reads a tuple as a list. */
type Read<T> = T extends (infer Entry)[]
  ? Read<Entry>[]
  : T extends object
    ? { [Name in keyof T]: Read<T[Name]> }
    : T

type Json<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Read<Body>
  : never

export type Timeline = Json<'/api/timeline'>
export type BucketSummary = Timeline['buckets'][number]
export type Bucket = Json<'/api/timeline/{bucket}'>
export type Facets = Json<'/api/facets'>
export type ImageDetail = Json<'/api/images/{image_id}'>
export type ImageFile = ImageDetail['files'][number]
export type ImageMotion = NonNullable<ImageDetail['motion']>
export type Library = Json<'/api/libraries'>[number]
export type Folder = Json<'/api/folders'>['folders'][number]
export type FolderNode = Json<'/api/folders/tree'>[number]
export type DamagePage = Json<'/api/integrity/damage'>
export type DamagedFile = DamagePage['damage'][number]
export type ProblemPage = Json<'/api/problems'>
export type Problem = ProblemPage['problems'][number]
export type SearchResult = Json<'/api/search'>
export type Hit = SearchResult['likely'][number]
export type DetectionHit =
  Json<'/api/detections/{detection_id}/similar'>['detections'][number]
export type Detections = Json<'/api/images/{image_id}/detections'>
export type Detection = Detections['detections'][number]
/** x, y, width and height, each a fraction of the picture. */
export type Box = Detection['box']
export type Taxon = Json<'/api/taxa'>[number]
export type ImageTaxon = ImageDetail['taxa'][number]
export type Label = Json<'/api/labels'>[number]
export type ModelState = Json<'/api/models'>[number]
export type AgentsState = Json<'/api/agents'>
export type Agent = AgentsState['agents'][number]
export type GpuQueue = NonNullable<AgentsState['queue']>

/** Bytes that a picture to search by may have. */
export type LargestPicture = NonNullable<
  components['schemas']['ProblemDetails']['largest']
>

export const BUCKET = 'examplebucket-1250000000'
export const REGION = 'ap-beijing'
export const RESOURCE = `qcs::cos:${REGION}:uid/1250000000:${BUCKET}/`

-- Trigrams, for names that are almost as they were typed. A trusted extension: the owner of the database may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "avatar_id" UUID,
ADD COLUMN     "search_name" TEXT;

-- CreateTable
CREATE TABLE "search_keys" (
    "user_id" UUID NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "search_keys_pkey" PRIMARY KEY ("user_id","key")
);

-- CreateTable
CREATE TABLE "presences" (
    "user_id" UUID NOT NULL,
    "holder" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "presences_pkey" PRIMARY KEY ("user_id","holder")
);

-- CreateTable
CREATE TABLE "allowances" (
    "key" TEXT NOT NULL,
    "used" DOUBLE PRECISION NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "allowances_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "password_attempts" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_attempts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "endings" (
    "id" UUID NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "endings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outside_identities" (
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" UUID,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "outside_identities_pkey" PRIMARY KEY ("issuer","subject")
);

-- CreateTable
CREATE TABLE "retired_handles" (
    "hash" BYTEA NOT NULL,

    CONSTRAINT "retired_handles_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "erasures" (
    "user_id" UUID NOT NULL,
    "receipt" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "storage_erased_at" TIMESTAMPTZ(3),
    "blog_erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "search_keys_key_user_id_idx" ON "search_keys"("key", "user_id");

-- CreateIndex
CREATE INDEX "presences_until_idx" ON "presences"("until");

-- CreateIndex
CREATE INDEX "allowances_updated_at_idx" ON "allowances"("updated_at");

-- CreateIndex
CREATE INDEX "password_attempts_last_at_idx" ON "password_attempts"("last_at");

-- CreateIndex
CREATE INDEX "endings_ended_at_idx" ON "endings"("ended_at");

-- CreateIndex
CREATE INDEX "outside_identities_user_id_idx" ON "outside_identities"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "erasures_receipt_key" ON "erasures"("receipt");

-- CreateIndex
CREATE INDEX "users_search_name_idx" ON "users" USING GIN ("search_name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "users_unfolded_idx" ON "users"("id") WHERE (search_name IS NULL);

-- AddForeignKey
ALTER TABLE "search_keys" ADD CONSTRAINT "search_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "presences" ADD CONSTRAINT "presences_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outside_identities" ADD CONSTRAINT "outside_identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

